/** Asks the server how a session ended that runs in the browser. */

/** `open`: it goes on. `unreachable`: nothing was learnt. Else the end, as the widget would say it. */
export type Finding = "open" | "unreachable" | Readonly<Record<string, unknown>>;

const PATIENCE_SECONDS = 15;

export async function askOutcome(baseUrl: string, linkToken: string): Promise<Finding> {
  const abort = typeof AbortController === "undefined" ? undefined : new AbortController();
  const timer = setTimeout(() => abort?.abort(), PATIENCE_SECONDS * 1000);
  try {
    const reply = await fetch(`${baseUrl.replace(/\/+$/, "")}/link-token/outcome`, {
      headers: { Accept: "application/json", "X-LINK-TOKEN": linkToken },
      ...(abort && { signal: abort.signal }),
    });
    if (reply.status === 429 || reply.status >= 500) return "unreachable";
    return read(await reply.json(), reply.ok);
  } catch {
    return "unreachable";
  } finally {
    clearTimeout(timer);
  }
}

interface Reply {
  readonly data?: { readonly status?: unknown; readonly public_token?: unknown };
  readonly error?: { readonly code?: unknown; readonly message?: unknown };
}

function read(body: unknown, isOk: boolean): Finding {
  const { data, error } = (body ?? {}) as Reply;
  if (!isOk) {
    return {
      type: "exit",
      code: error?.code ?? "SESSION_NOT_FOUND",
      message: error?.message ?? "The Connect server does not know this session. Check baseUrl.",
    };
  }
  switch (data?.status) {
    case "open":
      return "open";
    case "completed":
      return { type: "success", publicToken: data.public_token ?? null };
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
