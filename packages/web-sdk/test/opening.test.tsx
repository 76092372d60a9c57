/** The button and the widget: every callback exactly once, nobody else heard, everything put back. */

import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { type ReactElement, StrictMode, useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  KryptosConnectButton,
  type KryptosConnectButtonProps,
  type KryptosConnectConfig,
  KryptosConnectProvider,
  useKryptosConnect,
} from "../src/index.js";
import { BASE, dialogs, frame, postFrom, Widget } from "./page.js";

const CONFIG: KryptosConnectConfig = { appName: "My App", clientId: "client_1", baseUrl: `${BASE}/` };

const onSuccess = vi.fn();
const onError = vi.fn();
const onEvent = vi.fn();
const generateLinkToken = vi.fn(async () => ({ link_token: "link_1", isAuthorized: false }));

beforeEach(() => {
  for (const mock of [onSuccess, onError, onEvent, generateLinkToken]) mock.mockClear();
});
afterEach(async () => {
  cleanup();
  expect(dialogs()).toEqual([]);
  expect(document.querySelectorAll("[data-kc-theme]")).toHaveLength(0);
});

function show(props: Partial<KryptosConnectButtonProps> = {}, config: Partial<KryptosConnectConfig> = {}) {
  return render(
    <KryptosConnectProvider config={{ ...CONFIG, ...config }}>
      <KryptosConnectButton {...{ generateLinkToken, onSuccess, onError, onEvent }} {...props} />
    </KryptosConnectProvider>,
  );
}

const states: string[] = [];

function Own(): ReactElement {
  const { open, ready, isOpen } = useKryptosConnect({ generateLinkToken, onConnectSuccess: onSuccess });
  states.push(`${ready} ${isOpen}`);
  return (
    <button type="button" onClick={open}>
      Own
    </button>
  );
}

function Once(): ReactElement | null {
  const [isDone, setIsDone] = useState(false);
  if (isDone) return null;
  return (
    <KryptosConnectProvider config={CONFIG}>
      <KryptosConnectButton
        generateLinkToken={generateLinkToken}
        onSuccess={() => setIsDone(true)}
        onError={onError}
      />
    </KryptosConnectProvider>
  );
}

const press = (): void =>
  act(() => {
    fireEvent.click(screen.getAllByRole("button")[0] as HTMLElement);
  });

async function running(): Promise<Widget> {
  press();
  const widget = new Widget().listen();
  await widget.heard("token");
  return widget;
}

const code = (call = 0): string => onError.mock.calls[call]?.[0].code;
const ended = (): Promise<void> => expect.poll(dialogs).toEqual([]);

test("frame and token are asked for at the click, in a sandbox", () => {
  show();
  expect(screen.getByRole("button").textContent).toBe("Connect to Kryptos");
  press();
  expect(generateLinkToken).toHaveBeenCalledTimes(1);
  expect(frame().src).toBe(
    `${BASE}/connect?v=1&origin=${encodeURIComponent(location.origin)}&client_id=client_1&theme=light`,
  );
  expect(frame().getAttribute("sandbox")).toBe(
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
  );
  expect(frame().title).toBe("Kryptos Connect");
  expect(frame().style.visibility).toBe("hidden");
  expect(dialogs()[0]?.open).toBe(true);
  expect(document.querySelector("style")).toBeNull();
});

test("the widget gets hello at its exact origin, the config, then the token; no token in an address", async () => {
  show(
    { integrationName: "ethereum", extraConfig: { prefill: { address: "0x1" } } },
    { language: "de", authMethods: ["email"] },
  );
  const widget = await running();
  expect(widget.hellos).toEqual([
    { message: { kryptos: 1, type: "hello", v: 1, sdk: "web-sdk/0.1.0" }, origin: BASE },
  ]);
  expect(widget.received.map(({ type }) => type)).toEqual(["config", "token"]);
  expect(widget.received[0]).toMatchObject({
    appName: "My App",
    theme: "light",
    language: "de",
    authMethods: ["email"],
    integrationName: "ethereum",
    prefill: { address: "0x1" },
  });
  expect(widget.received[1]).toEqual({ type: "token", linkToken: "link_1", isAuthorized: false });
  expect(frame().src).not.toContain("link_1");
  expect(frame().style.visibility).toBe("visible");
});

test("success once; focus and scroll are put back", async () => {
  document.documentElement.style.overflow = "scroll";
  show();
  const widget = await running();
  expect(document.documentElement.style.overflow).toBe("hidden");
  widget.say({ type: "success", publicToken: "public_1" });
  widget.say({ type: "exit", code: "LATE", message: "late" });
  await ended();
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(onError).not.toHaveBeenCalled();
  expect(document.documentElement.style.overflow).toBe("scroll");
  expect(document.activeElement).toBe(screen.getByRole("button"));
});

test("a returning person gives null", async () => {
  show();
  (await running()).say({ type: "success", publicToken: null });
  await ended();
  expect(onSuccess.mock.calls).toEqual([[null]]);
});

test("leaving is an error with a code, an Error with words", async () => {
  show();
  (await running()).say({ type: "exit", code: "USER_EXIT", message: "Left.", requestId: "req_1" });
  await ended();
  expect(onError).toHaveBeenCalledTimes(1);
  expect(onError.mock.calls[0]?.[0]).toBeInstanceOf(Error);
  expect(onError.mock.calls[0]?.[0]).toMatchObject({
    code: "USER_EXIT",
    message: "Left.",
    requestId: "req_1",
  });
});

test("the later names are preferred, each end calls one", async () => {
  const onConnectSuccess = vi.fn();
  const onConnectError = vi.fn();
  show({ onConnectSuccess, onConnectError });
  (await running()).say({ type: "success", publicToken: null });
  await ended();
  (await running()).say({ type: "exit", code: "USER_EXIT", message: "Left." });
  await ended();
  expect(onConnectSuccess).toHaveBeenCalledTimes(1);
  expect(onConnectError).toHaveBeenCalledTimes(1);
  expect(onSuccess).not.toHaveBeenCalled();
  expect(onError).not.toHaveBeenCalled();
});

test("the newest callbacks are called, not those of the click", async () => {
  const view = show();
  const widget = await running();
  const newest = vi.fn();
  view.rerender(
    <KryptosConnectProvider config={CONFIG}>
      <KryptosConnectButton generateLinkToken={generateLinkToken} onSuccess={newest} />
    </KryptosConnectProvider>,
  );
  widget.say({ type: "success", publicToken: null });
  await ended();
  expect(newest).toHaveBeenCalledTimes(1);
  expect(onSuccess).not.toHaveBeenCalled();
});

test("nobody but the frame, at its origin, is heard", () => {
  show();
  press();
  const widget = new Widget();
  const ready = { kryptos: 1, type: "ready" };
  postFrom(ready, "https://evil.example");
  postFrom(ready, BASE, window);
  postFrom(ready, BASE, null);
  postFrom(ready, location.origin);
  postFrom({ type: "ready" });
  postFrom({ kryptos: 1, type: "success", publicToken: "public_forged" });
  postFrom("ready");
  expect(widget.hellos).toEqual([]);
  expect(onSuccess).not.toHaveBeenCalled();
  widget.listen();
  expect(widget.hellos).toHaveLength(1);
});

test("events are handed on", async () => {
  show();
  const event = {
    name: "consent.given",
    at: "2026-01-15T10:00:00Z",
    sessionId: "s",
    requestId: null,
    details: {},
  };
  (await running()).say({ type: "event", ...event });
  await expect.poll(() => onEvent.mock.calls).toMatchObject([[event]]);
});

test("a token that ran out is made again, without closing", async () => {
  show();
  const widget = await running();
  generateLinkToken.mockResolvedValueOnce({ link_token: "link_2", isAuthorized: true });
  widget.say({ type: "need-token", reason: "expired" });
  expect(await widget.heard("token", 2)).toEqual({ type: "token", linkToken: "link_2", isAuthorized: true });
  generateLinkToken.mockRejectedValueOnce(new Error("503"));
  widget.say({ type: "need-token", reason: "expired" });
  expect(await widget.heard("token-failed")).toMatchObject({ message: expect.stringContaining("503") });
  expect(onError).not.toHaveBeenCalled();
});

test("a token that cannot be made ends it in words", async () => {
  generateLinkToken.mockRejectedValueOnce(new Error("500"));
  show();
  press();
  await ended();
  expect(code()).toBe("LINK_TOKEN_FAILED");
});

test("without generateLinkToken the error says what to return", async () => {
  show({ generateLinkToken: undefined });
  press();
  await ended();
  expect(onError.mock.calls[0]?.[0].message).toContain('Return { link_token: "link_…" }');
});

test("a base URL that would cross a network in the clear is refused", async () => {
  show({ baseUrl: "http://connect.example" });
  press();
  await ended();
  expect(code()).toBe("BASE_URL_INVALID");
});

test("a widget that never listens is unreachable, and its timer is gone afterwards", async () => {
  vi.useFakeTimers();
  try {
    show();
    press();
    act(() => vi.advanceTimersByTime(20_000));
    expect(code()).toBe("WIDGET_UNREACHABLE");
    press();
    new Widget().listen();
    await act(async () => vi.advanceTimersByTimeAsync(60_000));
    expect(onError).toHaveBeenCalledTimes(1);
    expect(dialogs()).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test("a blocked frame is shown and told at once; the × of ours closes it, silently", async () => {
  show();
  press();
  await act(async () =>
    postFrom({ kryptos: 1, type: "blocked", code: "EMBED_BLOCKED", message: "Add the origin." }),
  );
  expect(code()).toBe("EMBED_BLOCKED");
  expect(frame().style.visibility).toBe("visible");
  act(() => screen.getByRole("button", { name: "Close" }).click());
  expect(dialogs()).toEqual([]);
  expect(onError).toHaveBeenCalledTimes(1);
});

test("while it loads, × and Esc leave", () => {
  show();
  press();
  act(() => screen.getByRole("button", { name: "Close" }).click());
  expect(code()).toBe("USER_EXIT");
  press();
  const cancel = new Event("cancel", { cancelable: true });
  act(() => void dialogs()[0]?.dispatchEvent(cancel));
  expect(cancel.defaultPrevented).toBe(true);
  expect(code(1)).toBe("USER_EXIT");
});

test("the × speaks the app's language", () => {
  show({}, { language: "sv" });
  press();
  act(() => screen.getByRole("button", { name: "Stäng" }).click());
});

test("once it runs, Esc asks the widget; a browser that closes all the same ends it", async () => {
  show();
  const widget = await running();
  dialogs()[0]?.dispatchEvent(new Event("cancel", { cancelable: true }));
  await widget.heard("back");
  expect(dialogs()).toHaveLength(1);
  act(() => dialogs()[0]?.close());
  expect(dialogs()).toEqual([]);
  expect(code()).toBe("USER_EXIT");
  expect(onError).toHaveBeenCalledTimes(1);
});

test("a double click opens once; another button is told that it is open", () => {
  const other = vi.fn();
  show({ onError });
  render(
    <KryptosConnectProvider config={CONFIG}>
      <KryptosConnectButton generateLinkToken={generateLinkToken} onConnectError={other}>
        Other
      </KryptosConnectButton>
    </KryptosConnectProvider>,
  );
  press();
  press();
  expect(dialogs()).toHaveLength(1);
  expect(onError).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText("Other"));
  expect(dialogs()).toHaveLength(1);
  expect(other.mock.calls[0]?.[0].code).toBe("ALREADY_OPEN");
});

test("unmounting while open takes the dialog away and says so once", async () => {
  const view = show();
  const widget = await running();
  view.unmount();
  expect(dialogs()).toEqual([]);
  widget.say({ type: "success", publicToken: null });
  await new Promise((resolve) => setTimeout(resolve));
  expect(onError).toHaveBeenCalledTimes(1);
  expect(code()).toBe("HOST_UNMOUNTED");
  expect(onSuccess).not.toHaveBeenCalled();
});

test("StrictMode opens once and ends once", async () => {
  render(
    <StrictMode>
      <KryptosConnectProvider config={CONFIG}>
        <KryptosConnectButton {...{ generateLinkToken, onSuccess, onError }} />
      </KryptosConnectProvider>
    </StrictMode>,
  );
  expect(onError).not.toHaveBeenCalled();
  const widget = await running();
  expect(dialogs()).toHaveLength(1);
  expect(generateLinkToken).toHaveBeenCalledTimes(1);
  widget.say({ type: "success", publicToken: "public_1" });
  await ended();
  expect(onSuccess).toHaveBeenCalledTimes(1);
  expect(onError).not.toHaveBeenCalled();
});

test("the hook tells whether it is ready and open", async () => {
  states.length = 0;
  render(
    <KryptosConnectProvider config={CONFIG}>
      <Own />
    </KryptosConnectProvider>,
  );
  const widget = await running();
  await act(async () => {
    widget.say({ type: "success", publicToken: null });
    await ended();
  });
  expect([...new Set(states)]).toEqual(["false false", "true false", "true true"]);
  expect(states.at(-1)).toBe("true false");
  expect(onSuccess).toHaveBeenCalledTimes(1);
});

test("a callback may unmount the button", async () => {
  render(<Once />);
  const widget = await running();
  await act(async () => {
    widget.say({ type: "success", publicToken: null });
    await ended();
  });
  expect(screen.queryByRole("button")).toBeNull();
  expect(onError).not.toHaveBeenCalled();
});

test("the widget's wishes about wallets are answered", async () => {
  show();
  const widget = await running();
  widget.say({ type: "request", id: 7, method: "wallets.list", params: {} });
  expect(await widget.heard("result")).toEqual({ type: "result", id: 7, value: [] });
  widget.say({ type: "request", id: 8, method: "wallet.accounts", params: { wallet: "evm:none" } });
  expect(await widget.heard("failure")).toMatchObject({ id: 8, code: "WALLET_UNKNOWN" });
});
