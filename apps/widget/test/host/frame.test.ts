import { describe, expect, test, vi } from "vitest";
import { openFrame } from "../../src/host/frame.js";

const ORIGIN = "https://app.example";
const HELLO = { kryptos: 1, type: "hello", v: 1, sdk: "web-sdk/0.1.0" };

function framed() {
  const listeners = new Set<(event: MessageEvent) => void>();
  const parent = { postMessage: vi.fn() };
  const host = openFrame(
    {
      parent,
      addEventListener: (_, listener) => void listeners.add(listener),
      removeEventListener: (_, listener) => void listeners.delete(listener),
    },
    ORIGIN,
    { theme: "auto", language: "en" },
  );
  const port = { postMessage: vi.fn(), onmessage: null as ((event: MessageEvent) => void) | null };
  const say = (data: unknown, from: object = {}) => {
    const event = { data, origin: ORIGIN, source: parent, ports: [port], ...from } as unknown as MessageEvent;
    for (const listener of listeners) listener(event);
  };
  const tell = (data: unknown) => port.onmessage?.({ data } as MessageEvent);
  return { host, parent, port, say, tell };
}

describe("the handshake", () => {
  test("the frame speaks to the registered origin and to no other", () => {
    const { parent } = framed();
    expect(parent.postMessage).toHaveBeenCalledExactlyOnceWith({ kryptos: 1, type: "ready" }, ORIGIN);
  });

  test.each([
    ["another origin", HELLO, { origin: "https://evil.example" }],
    ["another window", HELLO, { source: {} }],
    ["no port", HELLO, { ports: [] }],
    ["another message", { ...HELLO, type: "hi" }, {}],
    ["another product", { ...HELLO, kryptos: undefined }, {}],
    ["an impossible version", { ...HELLO, v: 0 }, {}],
    ["no object", "hello", {}],
  ])("a hello with %s is not heard", (_, data, from) => {
    const { say, port } = framed();
    say(data, from);
    expect(port.onmessage).toBeNull();
  });

  test("the first true hello counts, later ones do not", () => {
    const { say, port } = framed();
    say(HELLO);
    expect(port.onmessage).not.toBeNull();
    const other = { postMessage: vi.fn(), onmessage: null };
    say(HELLO, { ports: [other] });
    expect(other.onmessage).toBeNull();
  });
});

describe("over the port", () => {
  const greeted = () => {
    const parts = framed();
    parts.say(HELLO);
    return parts;
  };

  test("the host's wishes are read strictly", async () => {
    const { host, tell } = greeted();
    tell({
      type: "config",
      appName: " Ledgerly ",
      appLogo: "javascript:alert(1)",
      theme: "pink",
      language: "fr",
      authMethods: ["email", "fax"],
      cssVars: { "--kc-primary": "#123456", broken: 3 },
      prefill: { address: "0x1", apiKey: 4, other: "x" },
      walletConnectProjectId: 5,
    });
    expect(await host.config()).toEqual({
      appName: "Ledgerly",
      appLogo: null,
      theme: "auto",
      language: "fr",
      authMethods: ["email"],
      cssVars: { "--kc-primary": "#123456" },
      cssVarsDark: {},
      integrationName: null,
      prefill: { address: "0x1" },
      walletConnectProjectId: null,
    });
  });

  test("a token that fails is told, and another can be asked for", async () => {
    const { host, port, tell } = greeted();
    tell({ type: "token-failed", message: "backend down" });
    await expect(host.linkToken()).rejects.toMatchObject({
      code: "LINK_TOKEN_FAILED",
      message: "backend down",
    });
    const renewed = host.renewToken("expired");
    await expect.poll(() => port.postMessage).toHaveBeenCalledWith({ type: "need-token", reason: "expired" });
    tell({ type: "token", linkToken: "link_2" });
    expect(await renewed).toBe("link_2");
  });

  test("the end is told once", async () => {
    const { host, port } = greeted();
    host.succeed("public_1");
    host.succeed("public_1");
    host.exit("USER_EXIT", "closed");
    await expect.poll(() => port.postMessage).toHaveBeenCalled();
    expect(port.postMessage.mock.calls).toEqual([[{ type: "success", publicToken: "public_1" }]]);
  });

  test("answers find the request they belong to", async () => {
    const { host, tell } = greeted();
    const first = host.ask("wallets.list", {});
    const second = host.ask("wallet.accounts", { wallet: "evm:one" });
    tell({ type: "failure", id: 2, code: "WALLET_REFUSED", message: "no" });
    tell({ type: "result", id: 1, value: [] });
    expect(await first).toEqual([]);
    await expect(second).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  });

  test("what a newer host says besides is ignored", () => {
    const { tell } = greeted();
    expect(() => tell({ type: "from-the-future" })).not.toThrow();
    expect(() => tell(null)).not.toThrow();
  });
});
