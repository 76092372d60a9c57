import { beforeEach, describe, expect, test, vi } from "vitest";
import { hostedSession, openPage, returnAddress } from "../../src/host/page.js";

const OTHERWISE = { theme: "auto", language: "en" } as const;

function opened(hash: string) {
  const page = {
    location: { pathname: "/connect/l/ls_1", search: "", hash, assign: vi.fn() },
    history: { replaceState: vi.fn(), state: null },
  };
  const fetch = vi.fn(async () => new Response(JSON.stringify({ data: { link_token: "link_1" } })));
  return { page, fetch, host: openPage(page, "ls_1", OTHERWISE, fetch) };
}

beforeEach(() => sessionStorage.clear());

describe("a page of its own", () => {
  test("knows its session by its path", () => {
    expect(hostedSession("/connect/l/ls_1")).toBe("ls_1");
    expect(hostedSession("/connect")).toBeNull();
  });

  test("exchanges the key, and takes it out of the address", async () => {
    const { page, fetch, host } = opened("#key_1");
    expect(page.history.replaceState).toHaveBeenCalledWith(null, "", "/connect/l/ls_1");
    expect(await host.linkToken()).toBe("link_1");
    const [path, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(path).toBe("/link-token/hosted");
    expect(JSON.parse(String(init.body))).toEqual({ session_id: "ls_1", key: "key_1" });
  });

  test("goes on after a reload, when the key is gone", async () => {
    await opened("#key_1").host.linkToken();
    const { fetch, host } = opened("");
    expect(await host.linkToken()).toBe("link_1");
    expect(fetch).not.toHaveBeenCalled();
  });

  test("without key and token asks to open the link again", async () => {
    await expect(opened("").host.linkToken()).rejects.toMatchObject({ code: "HOSTED_LINK_USED" });
  });

  test("leads back to the app once, with the session and nothing else", () => {
    const { page, host } = opened("#key_1");
    host.leadTo("https://app.example/done?a=1");
    host.succeed("public_secret");
    host.exit("USER_EXIT", "closed");
    expect(page.location.assign.mock.calls).toEqual([["https://app.example/done?a=1&session_id=ls_1"]]);
  });

  test.each([
    ["https://app.example/done?a=1#b", "https://app.example/done?a=1&session_id=ls_1#b"],
    ["myapp://kryptos", "myapp://kryptos?session_id=ls_1"],
    ["com.example.app:/callback", "com.example.app:/callback?session_id=ls_1"],
  ])("leads to %s with the session in it", (redirectUri, expected) => {
    expect(returnAddress(redirectUri, "ls_1")).toBe(expected);
  });

  test("works where storage is forbidden", async () => {
    const setItem = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    expect(await opened("#key_1").host.linkToken()).toBe("link_1");
    setItem.mockRestore();
  });
});
