/** The Connect server as this app's route handlers know it. The secret is read here, and stays on the server. */

// Ask for what the app shows, and for no more: the person reads this list before agreeing.
export const SCOPES = "openid profile users:read portfolios:read transactions:read integrations:read";

export const BASE_URL = process.env.KRYPTOS_BASE_URL ?? process.env.NEXT_PUBLIC_KRYPTOS_BASE_URL ?? "";

/** The Connect server answered with an error; `code` is what to decide by, the text is for people. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string | null,
  ) {
    super(message);
  }
}

/** Call the Connect server as this app: POST with a body, GET without. */
export async function call<Answer>(path: string, body?: object, headers: HeadersInit = {}): Promise<Answer> {
  const reply = await fetch(BASE_URL + path, {
    method: body ? "POST" : "GET",
    headers: {
      "Content-Type": "application/json",
      "X-Client-Id": process.env.KRYPTOS_CLIENT_ID ?? "",
      "X-Client-Secret": process.env.KRYPTOS_CLIENT_SECRET ?? "",
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
    cache: "no-store",
    signal: AbortSignal.timeout(30_000),
  }).catch((error: unknown) => {
    console.error("The Connect server could not be asked:", error);
    throw new Refused(`The Connect server at ${BASE_URL} could not be reached. Try again.`, 0, null);
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Refused(answer.error, reply.status, answer.code);
  return answer;
}

/** Run a route handler's work; what the Connect server refused is told to the page. */
export async function answer(work: () => Promise<object>): Promise<Response> {
  try {
    return Response.json(await work());
  } catch (error) {
    if (error instanceof Refused)
      return Response.json({ error: error.message, code: error.code }, { status: 502 });
    throw error;
  }
}
