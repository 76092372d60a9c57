/** One request to this server: headers, time limit, and what an answer that is not a success means. */

import { ApiError } from "./errors.js";

export type Method = "GET" | "POST" | "DELETE";

export interface Call {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Whether cookies travel; they do not unless a page has a session in one. */
  readonly credentials?: "omit" | "same-origin";
}

export interface Answer<T> {
  readonly value: T;
  readonly requestId: string | null;
}

/** How the network is reached; tests give their own. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

export const TIME_LIMIT_MS = 15_000;

/** Return what was answered; throws `ApiError`, with `OFFLINE` or `TIMEOUT` where there was no answer. */
export async function request<T>(call: Call, fetch: Fetch): Promise<Answer<T>> {
  const control = new AbortController();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    control.abort();
  }, TIME_LIMIT_MS);
  const giveUp = () => control.abort();
  call.signal?.addEventListener("abort", giveUp);
  let response: Response;
  let text: string;
  try {
    if (call.signal?.aborted) throw new ApiError({ code: "ABORTED" });
    response = await fetch(call.path, {
      method: call.method,
      headers: { Accept: "application/json", ...(call.body !== undefined && JSON_BODY), ...call.headers },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      credentials: call.credentials ?? "omit",
      cache: "no-store",
      redirect: "error",
      signal: control.signal,
    });
    text = await response.text();
  } catch {
    if (call.signal?.aborted) throw new ApiError({ code: "ABORTED" });
    throw new ApiError({ code: isLate ? "TIMEOUT" : "OFFLINE" });
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", giveUp);
  }
  const content = parse(text);
  if (!response.ok || content === null) throw refusal(response, text);
  return { value: content["data"] as T, requestId: response.headers.get("X-Request-Id") };
}

const JSON_BODY = { "Content-Type": "application/json" };

type Content = Readonly<Record<string, unknown>>;

function parse(text: string): Content | null {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === "object" && content !== null ? (content as Content) : null;
  } catch {
    return null;
  }
}

/** What an answer says that is not a success. */
export function refusal(response: Response, body: string): ApiError {
  const content = parse(body) ?? {};
  const text = (name: string) => (typeof content[name] === "string" ? (content[name] as string) : null);
  return new ApiError({
    // What answers without our envelope is not this server, but something in between.
    code: text("code") ?? (response.status === 429 ? "RATE_LIMIT_EXCEEDED" : "SERVICE_UNAVAILABLE"),
    message: text("error") ?? text("message") ?? "",
    status: response.status,
    requestId: text("request_id") ?? response.headers.get("X-Request-Id"),
    retryAfterSeconds: seconds(response.headers.get("Retry-After")),
    existingWalletId: text("existing_wallet_id"),
    fields: fieldsOf(content["details"]),
  });
}

function seconds(header: string | null): number | null {
  const value = Number(header ?? "");
  return header && Number.isFinite(value) && value >= 0 ? value : null;
}

function fieldsOf(details: unknown): readonly string[] {
  if (!Array.isArray(details)) return [];
  return details.flatMap((each: unknown) => {
    const path = (each as { readonly path?: unknown } | null)?.path;
    const field: unknown = Array.isArray(path) ? path[0] : undefined;
    return typeof field === "string" ? [field] : [];
  });
}
