/** Asks the server how a session ended that runs in the browser. */

/** `open`: it goes on. `unreachable`: nothing was learnt. Else the end, as the widget would say it. */
export type Finding = "open" | "unreachable" | Readonly<Record<string, unknown>>;

const PATIENCE_SECONDS = 15;

export async function askOutcome(
  baseUrl: string,
  linkToken: string,
  abort: AbortController,
): Promise<Finding> {
  const timer = setTimeout(() => abort.abort(), PATIENCE_SECONDS * 1000);
  try {
    const reply = await fetch(`${baseUrl.replace(/\/+$/, "")}/link-token/outcome`, {
      headers: { Accept: "application/json", "X-LINK-TOKEN": linkToken },
      signal: abort.signal,
    });
    if (reply.ok) return read(await reply.json());
    if (reply.status >= 500 || reply.status === 408 || reply.status === 429) return "unreachable";
    return refusal(await reply.json().catch(() => null));
  } catch {
    return "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

/** What the server says of a session that it knows. */
function read(body: unknown): Finding {
  const { data } = (body ?? {}) as {
    readonly data?: { readonly status?: unknown; readonly public_token?: unknown };
  };
  switch (data?.status) {
    case "open":
      return "open";
    case "completed":
      if (data.public_token !== null && typeof data.public_token !== "string") return "unreachable";
      return { type: "success", publicToken: data.public_token };
    case "exited":
      return { type: "exit", code: "USER_EXIT", message: "The person left before the end." };
    case "expired":
      return {
        type: "exit",
        code: "SESSION_EXPIRED",
        message: "The session ran out before its end. Begin another one.",
      };
    default:
      return "unreachable";
  }
}

/** The server's own words, in its envelope of errors; a 404 of somebody else has none. */
function refusal(body: unknown): Finding {
  const { code, error, request_id } = (body ?? {}) as Readonly<Record<string, unknown>>;
  return {
    type: "exit",
    code: code ?? "SESSION_NOT_FOUND",
    message: error ?? "The Connect server does not know this session. Check baseUrl.",
    requestId: request_id,
  };
}
