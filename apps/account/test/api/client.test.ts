import { describe, expect, test, vi } from "vitest";
import { createApi } from "../../src/api/client.js";
import { GUEST } from "../support/page.js";

type Reply = Response | "offline";

const ok = (data: unknown = {}) => new Response(JSON.stringify({ success: true, data }));
const refused = (status: number, code: string) =>
  new Response(JSON.stringify({ success: false, error: "No.", code }), { status });

function clientOf(...replies: Reply[]) {
  const calls: { path: string; method: string; headers: Record<string, string>; body: unknown }[] = [];
  const onSignedOut = vi.fn();
  const api = createApi({
    onSignedOut,
    pause: async () => undefined,
    fetch: async (path, init) => {
      const headers = (init.headers ?? {}) as Record<string, string>;
      const body = init.body ? JSON.parse(String(init.body)) : null;
      calls.push({ path, method: init.method ?? "GET", headers, body });
      expect(init).toMatchObject({ credentials: "same-origin", cache: "no-store", redirect: "error" });
      const reply = replies.shift();
      if (reply === undefined) throw new Error(`no reply left for ${path}`);
      if (reply === "offline") throw new TypeError("Failed to fetch");
      return reply;
    },
  });
  return { api, calls, onSignedOut };
}

const guards = (calls: readonly { headers: Record<string, string> }[]) =>
  calls.map((call) => call.headers["X-CSRF-Token"]);

describe("the guard against forged calls", () => {
  test("comes with the session, and goes with everything that changes something", async () => {
    const { api, calls } = clientOf(ok(GUEST), ok({ grants: [], next: null }), ok(), ok());
    await api.session();
    await api.grants();
    await api.revoke("grant_1");
    await api.disconnect("wallet_1");
    expect(guards(calls)).toEqual([undefined, undefined, "csrf_1", "csrf_1"]);
  });

  test("is another one after signing in and after an address was added", async () => {
    const other = { ...GUEST, csrf_token: "csrf_2" };
    const third = { session: { ...GUEST, csrf_token: "csrf_3" }, has_claimed: true };
    const { api, calls } = clientOf(ok(GUEST), ok(other), ok(third), ok());
    const proven = { challenge: "c", email: "anna@example.com", code: "123456" };
    await api.session();
    await api.verifySignIn(proven);
    expect(await api.verifyEmail(proven)).toEqual({ session: third.session, hasClaimed: true });
    await api.revokeAll();
    expect(guards(calls)).toEqual([undefined, "csrf_1", "csrf_2", "csrf_3"]);
  });

  test("is forgotten by signing out", async () => {
    const { api, calls } = clientOf(ok(GUEST), ok(), ok());
    await api.session();
    await api.signOut();
    await api.openLink("key");
    expect(guards(calls).at(-1)).toBeUndefined();
  });
});

test("a call without a session is told once, and refused", async () => {
  const { api, onSignedOut } = clientOf(refused(401, "NOT_SIGNED_IN"));
  await expect(api.connections()).rejects.toMatchObject({ code: "NOT_SIGNED_IN" });
  expect(onSignedOut).toHaveBeenCalledOnce();
});

test("reading and ending are repeated where there was no answer; what mails or makes is not", async () => {
  const { api, calls } = clientOf(
    "offline",
    ok({ grants: [], next: null }),
    "offline",
    ok(),
    "offline",
    "offline",
  );
  await api.grants();
  await api.revoke("grant_1");
  await expect(api.startEmail("anna@example.com", "en")).rejects.toMatchObject({ code: "OFFLINE" });
  await expect(api.managementLink()).rejects.toMatchObject({ code: "OFFLINE" });
  expect(calls).toHaveLength(6);
});

test("older readings are asked for from where the last ones ended", async () => {
  const { api, calls } = clientOf(ok({ accesses: [], next: null }), ok({ accesses: [], next: null }));
  await api.accesses("grant_1", null);
  await api.accesses("grant_1", "acc_9");
  expect(calls.map(({ path }) => path)).toEqual([
    "/account/api/grants/grant_1/accesses",
    "/account/api/grants/grant_1/accesses?before=acc_9",
  ]);
});

test("a list in pages is read to its end", async () => {
  const { api, calls } = clientOf(
    ok({ grants: [{ grant_id: "grant_2" }], next: "grant_2" }),
    ok({ grants: [{ grant_id: "grant_1" }], next: null }),
  );
  expect((await api.grants()).map((each) => each.grant_id)).toEqual(["grant_2", "grant_1"]);
  expect(calls.map(({ path }) => path)).toEqual([
    "/account/api/grants",
    "/account/api/grants?before=grant_2",
  ]);
});

test("erasing sends the word, and the code where there is one", async () => {
  const { api, calls } = clientOf(ok({ erasure_id: "e", key: "k" }), ok({ erasure_id: "e", key: "k" }), ok());
  await api.erase(null);
  await api.erase({ challenge: "c", code: "123456" });
  await api.erasure({ erasure_id: "e", key: "k" });
  expect(calls.map(({ body }) => body)).toEqual([
    { confirmation: "erase" },
    { challenge: "c", code: "123456", confirmation: "erase" },
    { key: "k" },
  ]);
});

describe("the export", () => {
  test("is told piece by piece, and named as the server names it", async () => {
    const headers = { "Content-Disposition": 'attachment; filename="kryptos-export-2030-01-01.json"' };
    const { api } = clientOf(new Response('{"person": {}}', { headers }));
    const progress = vi.fn();
    const { name, file } = await api.exportData(progress);
    expect(name).toBe("kryptos-export-2030-01-01.json");
    expect(file.size).toBe(14);
    expect(progress).toHaveBeenLastCalledWith(14);
  });

  test("that breaks off is no export", async () => {
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode("{"));
        stream.error(new TypeError("network error"));
      },
    });
    const { api } = clientOf(new Response(body));
    await expect(api.exportData(() => undefined)).rejects.toMatchObject({ code: "OFFLINE" });
  });

  test("without a session ends the page's", async () => {
    const { api, onSignedOut } = clientOf(refused(401, "NOT_SIGNED_IN"));
    await expect(api.exportData(() => undefined)).rejects.toMatchObject({ code: "NOT_SIGNED_IN" });
    expect(onSignedOut).toHaveBeenCalledOnce();
  });
});
