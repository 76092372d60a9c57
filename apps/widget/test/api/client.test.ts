import { afterEach, describe, expect, test, vi } from "vitest";
import { createApi } from "../../src/api/client.js";
import type { ApiFailure } from "../../src/contracts.js";

type Reply = Response | "offline" | ((init: RequestInit) => Promise<Response>);

const ok = (data: unknown = {}) =>
  new Response(JSON.stringify({ success: true, data }), { headers: { "X-Request-Id": "req_ok" } });
const refused = (status: number, code: string, headers: Record<string, string> = {}, more: object = {}) =>
  new Response(JSON.stringify({ success: false, error: "No.", code, request_id: "req_no", ...more }), {
    status,
    headers,
  });

function clientOf(replies: Reply[], { adopts = true, tokens = ["link_2"] } = {}) {
  const calls: { path: string; method: string; headers: Record<string, string>; body: unknown }[] = [];
  const waits: number[] = [];
  const renewToken = vi.fn(async () => tokens.shift() ?? "link_last");
  const onAdopted = vi.fn();
  const api = createApi({
    linkToken: "link_1",
    language: "fr",
    origin: "https://app.example",
    renewToken,
    adopts,
    onAdopted,
    pause: async (milliseconds) => void waits.push(milliseconds),
    fetch: async (path, init) => {
      const headers = init.headers as Record<string, string>;
      const body = init.body ? JSON.parse(String(init.body)) : null;
      calls.push({ path, method: init.method ?? "", headers, body });
      expect(init).toMatchObject({ credentials: "omit", cache: "no-store" });
      const reply = replies.shift();
      if (reply === undefined) throw new Error(`no reply left for ${path}`);
      if (reply === "offline") throw new TypeError("Failed to fetch");
      return typeof reply === "function" ? reply(init) : reply;
    },
  });
  return { api, calls, waits, renewToken, onAdopted };
}

const failureOf = (call: Promise<unknown>): Promise<ApiFailure> =>
  call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (failure: ApiFailure) => failure,
  );

const keysOf = (calls: readonly { headers: Record<string, string> }[]) =>
  calls.map((call) => call.headers["Idempotency-Key"]);

afterEach(() => vi.useRealTimers());

describe("credentials", () => {
  test("reading carries the link token and no idempotency key", async () => {
    const { api, calls } = clientOf([ok({ session_id: "ls_1" })]);
    await api.session();
    expect(calls[0]?.headers).toMatchObject({ "X-LINK-TOKEN": "link_1" });
    expect(keysOf(calls)).toEqual([undefined]);
  });

  test("after signing in the widget's key is sent", async () => {
    const { api, calls } = clientOf([ok({ widget_key: "wkey_1" }), ok({})]);
    await api.verifyEmail("anna@example.com", "123456");
    await api.session();
    expect(calls[0]?.headers["X-Widget-Key"]).toBeUndefined();
    expect(calls[1]?.headers["X-Widget-Key"]).toBe("wkey_1");
  });

  test("a mail is asked for in the person's language", async () => {
    const { api, calls } = clientOf([ok()]);
    await api.startEmail("anna@example.com");
    expect(calls[0]?.body).toEqual({ email: "anna@example.com", language: "fr" });
  });
});

describe("retries", () => {
  test("a call that met no server is repeated twice under the same key", async () => {
    const { api, calls, waits } = clientOf(["offline", "offline", ok({ wallet_id: "wallet_1" })]);
    await expect(api.connect({ provider: "ethereum" })).resolves.toEqual({ wallet_id: "wallet_1" });
    expect(new Set(keysOf(calls)).size).toBe(1);
    expect(waits).toHaveLength(2);
  });

  test("three failures are told as being offline", async () => {
    const { api } = clientOf(["offline", "offline", "offline"]);
    expect((await failureOf(api.session())).code).toBe("OFFLINE");
  });

  test("a server that asks for a short wait gets it", async () => {
    const { api, waits } = clientOf([refused(429, "RATE_LIMIT_EXCEEDED", { "Retry-After": "3" }), ok()]);
    await api.providers();
    expect(waits).toEqual([3000]);
  });

  test("a long wait is left to the person", async () => {
    const { api, calls } = clientOf([refused(429, "RATE_LIMIT_EXCEEDED", { "Retry-After": "900" })]);
    const failure = await failureOf(api.startEmail("anna@example.com"));
    expect(failure).toMatchObject({
      code: "RATE_LIMIT_EXCEEDED",
      retryAfterSeconds: 900,
      requestId: "req_no",
    });
    expect(calls).toHaveLength(1);
  });

  test("a refusal is final", async () => {
    const more = { existing_wallet_id: "wallet_9", details: [{ path: ["address"], message: "?" }] };
    const { api, calls } = clientOf([refused(409, "DUPLICATE_CONNECTION", {}, more)]);
    const failure = await failureOf(api.connect({ provider: "ethereum" }));
    expect(failure).toMatchObject({ status: 409, existingWalletId: "wallet_9", fields: ["address"] });
    expect(calls).toHaveLength(1);
  });

  test("the same thing tried again after no answer keeps its key; after an answer it does not", async () => {
    const { api, calls } = clientOf(["offline", "offline", "offline", ok(), ok()]);
    const account = { provider: "ethereum", address: "0x1" };
    await failureOf(api.connect(account));
    await api.connect(account);
    await api.connect(account);
    const [, , third, fourth, fifth] = keysOf(calls);
    expect(fourth).toBe(third);
    expect(fifth).not.toBe(fourth);
  });

  test("an answer that is not ours is told as a busy service", async () => {
    const gateway = () => Promise.resolve(new Response("<html>", { status: 502 }));
    const { api } = clientOf([gateway]);
    expect(await failureOf(api.session())).toMatchObject({ code: "SERVICE_UNAVAILABLE", status: 502 });
  });
});

test("a server that never answers is given up after fifteen seconds", async () => {
  vi.useFakeTimers();
  const never = (init: RequestInit) =>
    new Promise<Response>((_, reject) => {
      init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    });
  const { api } = clientOf([never]);
  const failure = failureOf(api.session());
  await vi.advanceTimersByTimeAsync(15_000);
  expect((await failure).code).toBe("TIMEOUT");
});

test("a search that is no longer wanted is told as aborted", async () => {
  const control = new AbortController();
  const { api } = clientOf([
    () => {
      control.abort();
      return Promise.reject(new DOMException("aborted", "AbortError"));
    },
  ]);
  expect((await failureOf(api.detectChains("0x1", control.signal))).code).toBe("ABORTED");
});

describe("an expired link token", () => {
  const expired = () => refused(400, "TOKEN_EXPIRED");

  test("is renewed and adopted, and the call repeated, in place", async () => {
    const session = { session_id: "ls_2" };
    const { api, calls, onAdopted } = clientOf([expired(), ok(session), ok({ wallet_id: "wallet_1" })]);
    await expect(api.connect({ provider: "ethereum" })).resolves.toEqual({ wallet_id: "wallet_1" });
    expect(calls.map(({ path }) => path)).toEqual([
      "/link-token/integrations",
      "/link-token/session/adopt",
      "/link-token/integrations",
    ]);
    expect(calls[1]?.body).toEqual({ previous: "link_1" });
    expect(calls.map(({ headers }) => headers["X-LINK-TOKEN"])).toEqual(["link_1", "link_2", "link_2"]);
    expect(onAdopted).toHaveBeenCalledExactlyOnceWith(session);
  });

  test("is renewed once for calls that meet it together", async () => {
    const { api, renewToken } = clientOf([expired(), expired(), ok({}), ok({}), ok({})]);
    await Promise.all([api.session(), api.providers()]);
    expect(renewToken).toHaveBeenCalledOnce();
  });

  test("of a hosted page needs no adoption: the session stays the same", async () => {
    const { api, calls } = clientOf([expired(), ok()], { adopts: false });
    await api.session();
    expect(calls.map(({ path }) => path)).toEqual(["/link-token/session", "/link-token/session"]);
  });

  test("whose renewal met no network is adopted at the next try, without a third token", async () => {
    const replies: Reply[] = [expired(), "offline", "offline", "offline", expired(), ok({}), ok({})];
    const { api, calls, renewToken } = clientOf(replies);
    expect((await failureOf(api.session())).code).toBe("OFFLINE");
    await api.session();
    expect(renewToken).toHaveBeenCalledOnce();
    expect(calls.at(-2)?.body).toEqual({ previous: "link_1" });
    expect(new Set(keysOf(calls.filter(({ path }) => path.endsWith("adopt")))).size).toBe(1);
  });
});

test("events are sent once and their loss disturbs nobody", async () => {
  const { api, calls } = clientOf(["offline"]);
  api.record("opened", {});
  await expect.poll(() => calls).toHaveLength(1);
});
