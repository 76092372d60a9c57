import { describe, expect, test, vi } from "vitest";
import { openApp } from "../../src/host/app.js";

const HELLO = { kryptos: 1, type: "hello", v: 1, sdk: "mobile-sdk/0.1.0" };
const OTHERWISE = { theme: "auto", language: "en" } as const;

function opened() {
  const page = Object.assign(new EventTarget(), { ReactNativeWebView: { postMessage: vi.fn() } });
  const host = openApp(page as never, OTHERWISE);
  const tell = (detail: unknown) => page.dispatchEvent(new CustomEvent("kryptos-connect", { detail }));
  const said = () => page.ReactNativeWebView.postMessage.mock.calls.map(([text]) => JSON.parse(text));
  /** All that was said so far, and what waits to be said. */
  const allSaid = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    return said();
  };
  return { host, page, tell, allSaid };
}

const greeted = () => {
  const parts = opened();
  parts.tell(HELLO);
  return parts;
};

describe("the handshake", () => {
  test("the page says that it listens, as text", () => {
    const { page } = opened();
    expect(page.ReactNativeWebView.postMessage).toHaveBeenCalledExactlyOnceWith(
      '{"kryptos":1,"type":"ready"}',
    );
  });

  test("without an app around it there is nothing to connect", () => {
    expect(() => openApp(new EventTarget() as never, OTHERWISE)).toThrow(
      expect.objectContaining({ code: "NOT_OPENED_BY_AN_APP" }),
    );
  });

  test.each([
    ["another message", { ...HELLO, type: "hi" }],
    ["another product", { ...HELLO, kryptos: undefined }],
    ["an impossible version", { ...HELLO, v: 0 }],
    ["text", JSON.stringify(HELLO)],
    ["broken text", "{"],
    ["nothing", undefined],
  ])("a hello that is %s is not heard, nor what follows it", async (_, hello) => {
    const { host, tell, allSaid } = opened();
    const config = vi.fn();
    void host.config().then(config);
    tell(hello);
    tell({ type: "config", appName: "Forged", theme: "dark" });
    tell({ type: "token", linkToken: "link_forged" });
    tell({ type: "back" });
    host.usable();
    expect(await allSaid()).toEqual([{ kryptos: 1, type: "ready" }]);
    expect(config).not.toHaveBeenCalled();
  });

  test("what was forged before it is forgotten", async () => {
    const { host, tell } = opened();
    tell({ type: "token", linkToken: "link_forged" });
    tell(HELLO);
    tell({ type: "token", linkToken: "link_1" });
    expect(await host.linkToken()).toBe("link_1");
  });

  test("a second hello changes nothing", async () => {
    const { host, tell, allSaid } = greeted();
    tell({ type: "config", appName: "Ledgerly", theme: "dark" });
    tell(HELLO);
    host.usable();
    expect(await host.config()).toMatchObject({ appName: "Ledgerly", theme: "dark" });
    expect(await allSaid()).toEqual([{ kryptos: 1, type: "ready" }, { type: "usable" }]);
  });

  test("a page that was loaded again begins anew", async () => {
    greeted();
    const { host, tell, allSaid } = opened();
    host.usable();
    expect(await allSaid()).toEqual([{ kryptos: 1, type: "ready" }]);
    tell(HELLO);
    tell({ type: "token", linkToken: "link_2" });
    expect(await host.linkToken()).toBe("link_2");
    expect(await allSaid()).toEqual([{ kryptos: 1, type: "ready" }, { type: "usable" }]);
  });
});

describe("after it", () => {
  test.each([[null], ["{"], [7], [{}], [{ type: 3 }], [{ type: "from-the-future" }]])(
    "%j is ignored",
    async (message) => {
      const { tell, allSaid } = greeted();
      tell(message);
      expect(await allSaid()).toHaveLength(1);
    },
  );

  test("a token that ran out is asked for again", async () => {
    const { host, tell, allSaid } = greeted();
    const renewed = host.renewToken("expired");
    expect(await allSaid()).toContainEqual({ type: "need-token", reason: "expired" });
    tell({ type: "token", linkToken: "link_2" });
    expect(await renewed).toBe("link_2");
  });

  test("the end is told once", async () => {
    const { host, allSaid } = greeted();
    host.succeed("public_1");
    host.succeed("public_1");
    host.exit("USER_EXIT", "closed");
    expect((await allSaid()).slice(1)).toEqual([{ type: "success", publicToken: "public_1" }]);
  });

  test("back goes to the screen; where there is none yet, the person is gone", async () => {
    const { host, tell, allSaid } = greeted();
    const onBack = vi.fn();
    const stop = host.onBack(onBack);
    tell({ type: "back" });
    expect(onBack).toHaveBeenCalledOnce();
    expect(await allSaid()).toHaveLength(1);
    stop();
    tell({ type: "back" });
    tell({ type: "back" });
    expect((await allSaid()).slice(1)).toEqual([
      expect.objectContaining({ type: "exit", code: "USER_EXIT" }),
    ]);
  });

  test("it has no wallets, and opens addresses outside", async () => {
    const { host, tell, allSaid } = greeted();
    expect(await host.ask("wallets.list", {})).toEqual([]);
    const asked = host.ask("link.open", { url: "wc:1" });
    expect((await allSaid()).slice(1)).toEqual([
      { type: "request", id: 1, method: "link.open", params: { url: "wc:1" } },
    ]);
    tell({ type: "result", id: 1, value: { opened: true } });
    expect(await asked).toEqual({ opened: true });
  });
});
