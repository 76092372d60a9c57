/** Button and widget: what is opened, what is said, and exactly one callback at the end. */

import { act, fireEvent, render, screen } from "@testing-library/react-native";
import * as React from "react";
import { Modal, Text } from "react-native";
import { KryptosConnectButton, KryptosConnectProvider, useKryptosConnect } from "../src/index";
import { BASE } from "./support/page";
import {
  app,
  begin,
  CONFIG,
  generateLinkToken,
  isOpen,
  onError,
  onEvent,
  onlyCode,
  onSuccess,
  press,
  running,
  show,
} from "./support/screen";
import { views } from "./support/webview";

beforeEach(begin);

test("the widget is opened at its app address, and hears hello, config and token", async () => {
  show(
    { integrationName: "ethereum", extraConfig: { prefill: { address: "0x1" } } },
    { language: "de", authMethods: ["email"], walletConnectProjectId: "project_1", theme: "dark" },
  );
  const page = await running();
  expect(page.address).toBe(`${BASE}/connect/app?v=1&client_id=client_1&theme=dark&lang=de`);
  expect(page.heard).toMatchObject([
    { kryptos: 1, type: "hello", v: 1, sdk: "mobile-sdk/0.1.0" },
    {
      type: "config",
      appName: "My App",
      theme: "dark",
      language: "de",
      authMethods: ["email"],
      integrationName: "ethereum",
      prefill: { address: "0x1" },
      walletConnectProjectId: "project_1",
    },
    { type: "token", linkToken: "link_1", isAuthorized: false },
  ]);
  expect(page.address).not.toContain("link_1");
});

test("page and token are asked for at the same time", async () => {
  generateLinkToken.mockReturnValue(new Promise(() => {}));
  show();
  await press();
  expect(isOpen()).toBe(true);
  expect(generateLinkToken).toHaveBeenCalledTimes(1);
});

test("a bare string is a link token too", async () => {
  generateLinkToken.mockResolvedValue("link_bare");
  show();
  const page = await running();
  expect(page.heard[2]).toMatchObject({ type: "token", linkToken: "link_bare" });
});

test("success, once, and the sheet is gone", async () => {
  show();
  const page = await running();
  const { onMessage } = page.view.props;
  await page.say({ type: "success", publicToken: "public_1" });
  await act(async () => {
    for (const publicToken of ["public_2", null])
      onMessage({
        nativeEvent: { url: `${BASE}/connect/app`, data: JSON.stringify({ type: "success", publicToken }) },
      });
  });
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(onError).not.toHaveBeenCalled();
  expect(isOpen()).toBe(false);
});

test("a returning person gives null", async () => {
  show();
  await (await running()).say({ type: "success", publicToken: null });
  expect(onSuccess.mock.calls).toEqual([[null]]);
});

test("leaving is an error with a code, an Error with words", async () => {
  show();
  await (await running()).say({ type: "exit", code: "USER_EXIT", message: "Left.", requestId: "req_1" });
  expect(onlyCode()).toBe("USER_EXIT");
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ message: "Left.", requestId: "req_1" });
});

test("the later names are preferred", async () => {
  const onConnectSuccess = jest.fn();
  const onConnectError = jest.fn();
  show({ onConnectSuccess, onConnectError });
  await (await running()).say({ type: "success", publicToken: null });
  await (await running()).say({ type: "exit", code: "USER_EXIT", message: "Left." });
  expect(onConnectSuccess).toHaveBeenCalledTimes(1);
  expect(onConnectError).toHaveBeenCalledTimes(1);
  expect(onSuccess).not.toHaveBeenCalled();
  expect(onError).not.toHaveBeenCalled();
});

test("the newest callbacks are called, not those of the press", async () => {
  const view = show();
  const page = await running();
  const newest = jest.fn();
  view.rerender(app({ onSuccess: newest }));
  await page.say({ type: "success", publicToken: null });
  expect(newest).toHaveBeenCalledTimes(1);
  expect(onSuccess).not.toHaveBeenCalled();
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
  await (await running()).say({ type: "event", ...event });
  expect(onEvent.mock.calls).toMatchObject([[event]]);
});

test("a token that ran out is made again, without closing", async () => {
  show();
  const page = await running();
  generateLinkToken.mockResolvedValueOnce({ link_token: "link_2", isAuthorized: true });
  await page.say({ type: "need-token", reason: "expired" });
  expect(page.heard[3]).toEqual({ type: "token", linkToken: "link_2", isAuthorized: true });
  generateLinkToken.mockRejectedValueOnce(new TypeError("Network request failed"));
  await page.say({ type: "need-token", reason: "expired" });
  expect(page.heard[4]).toMatchObject({
    type: "token-failed",
    message: expect.stringContaining("Network request"),
  });
  expect(onError).not.toHaveBeenCalled();
});

test("a token that cannot be made ends it in words", async () => {
  const cause = new Error("500");
  generateLinkToken.mockRejectedValueOnce(cause);
  show();
  await press();
  expect(onlyCode()).toBe("LINK_TOKEN_FAILED");
  expect(onError.mock.calls[0]?.[0].cause).toBe(cause);
  expect(isOpen()).toBe(false);
});

test.each([
  ["nothing", undefined],
  ["an empty string", ""],
  ["no link token", { token: "link_1" }],
])("a reply with %s says what to return", async (_, reply) => {
  generateLinkToken.mockResolvedValueOnce(reply);
  show();
  await press();
  expect(onlyCode()).toBe("LINK_TOKEN_FAILED");
  expect(onError.mock.calls[0]?.[0].message).toContain('Return { link_token: "link_…" }');
});

test("a base URL that would cross a network in the clear is refused", async () => {
  show({ baseUrl: "http://connect.example" });
  await press();
  expect(onlyCode()).toBe("BASE_URL_INVALID");
});

test("without a client id it says where to give one", async () => {
  show({}, { clientId: "" });
  await press();
  expect(onlyCode()).toBe("CLIENT_UNKNOWN");
});

test("a blocked page is shown and told at once; our own × closes it, silently", async () => {
  show();
  const page = await press();
  await page.say({ kryptos: 1, type: "blocked", code: "CLIENT_UNKNOWN", message: "No such client." });
  expect(onlyCode()).toBe("CLIENT_UNKNOWN");
  expect(screen.getByTestId("webview")).toBeTruthy();
  await act(async () => void fireEvent.press(screen.getByRole("button", { name: "Close" })));
  expect(isOpen()).toBe(false);
  expect(onError).toHaveBeenCalledTimes(1);
});

test("while it loads there is a spinner and a way out; then the widget has its own", async () => {
  show({}, { language: "sv" });
  const page = await press();
  expect(screen.getByRole("progressbar", { name: "Laddar" })).toBeTruthy();
  expect(screen.queryByTestId("webview")).toBeNull(); // hidden from screen readers
  await page.ready();
  expect(screen.queryByRole("progressbar")).toBeNull();
  expect(screen.queryByRole("button", { name: "Stäng" })).toBeNull();
  expect(screen.getByTestId("webview")).toBeTruthy();
});

test("leaving while it loads", async () => {
  show({}, { language: "sv" });
  await press();
  await act(async () => void fireEvent.press(screen.getByRole("button", { name: "Stäng" })));
  expect(onlyCode()).toBe("USER_EXIT");
});

test("Android's back leaves while it loads, and asks the widget once it runs", async () => {
  const back = (): Promise<void> => act(async () => screen.UNSAFE_getByType(Modal).props.onRequestClose());
  show();
  const page = await running();
  await back();
  expect(page.heard[3]).toEqual({ type: "back" });
  expect(isOpen()).toBe(true);
  await page.say({ type: "exit", code: "USER_EXIT", message: "Left." });
  await press();
  await back();
  expect(isOpen()).toBe(false);
  expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["USER_EXIT", "USER_EXIT"]);
});

test("a double tap opens once; another button is told that it is open", async () => {
  const other = jest.fn();
  render(
    <>
      {app()}
      <KryptosConnectButton onConnectError={other} buttonLabel="Other" />
    </>,
  );
  await press();
  await press();
  expect(views).toHaveLength(1);
  expect(generateLinkToken).toHaveBeenCalledTimes(1);
  await press("Other");
  expect(views).toHaveLength(1);
  expect(other.mock.calls[0]?.[0].code).toBe("ALREADY_OPEN");
  expect(onError).not.toHaveBeenCalled();
  await act(async () => void fireEvent.press(screen.getByRole("button", { name: "Close" })));
});

test("unmounting while open takes the sheet away and says so once", async () => {
  const view = show();
  const page = await running();
  const { address } = page;
  const { onMessage } = page.view.props;
  view.unmount();
  onMessage({ nativeEvent: { url: address, data: '{"type":"success","publicToken":"public_1"}' } });
  expect(onlyCode()).toBe("HOST_UNMOUNTED");
  show();
  expect((await running()).address).toBeTruthy(); // another one can be opened
  screen.unmount();
});

test("StrictMode opens once and ends once", async () => {
  render(<React.StrictMode>{app()}</React.StrictMode>);
  const page = await running();
  expect(generateLinkToken).toHaveBeenCalledTimes(1);
  expect(onError).not.toHaveBeenCalled();
  await page.say({ type: "success", publicToken: "public_1" });
  expect(onSuccess).toHaveBeenCalledTimes(1);
  expect(onError).not.toHaveBeenCalled();
});

function Own({ states }: { states: string[] }): React.ReactElement {
  const {
    open,
    ready,
    isOpen: isNowOpen,
  } = useKryptosConnect({
    generateLinkToken: async () => "link_1",
    onConnectSuccess: onSuccess,
    onConnectError: onError,
  });
  states.push(`${ready} ${isNowOpen}`);
  return <Text onPress={open}>Own</Text>;
}

function Once(): React.ReactElement | null {
  const [isDone, setIsDone] = React.useState(false);
  return isDone ? null : app({ onSuccess: () => setIsDone(true) });
}

test("the hook opens it in its provider, and tells whether it is ready and open", async () => {
  const states: string[] = [];
  render(
    <KryptosConnectProvider config={CONFIG}>
      <Own states={states} />
    </KryptosConnectProvider>,
  );
  const page = await press("Own");
  await page.ready();
  await page.say({ type: "success", publicToken: "public_1" });
  expect([...new Set(states)]).toEqual(["false false", "true false", "true true"]);
  expect(states[states.length - 1]).toBe("true false");
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(isOpen()).toBe(false);
});

test("the hook's sheet goes with its component, though the provider stays", async () => {
  const view = render(
    <KryptosConnectProvider config={CONFIG}>
      <Own states={[]} />
    </KryptosConnectProvider>,
  );
  await (await press("Own")).ready();
  view.rerender(<KryptosConnectProvider config={CONFIG} />);
  expect(onlyCode()).toBe("HOST_UNMOUNTED");
  expect(isOpen()).toBe(false);
});

test("without a provider the hook is not ready, and says what is missing", async () => {
  const states: string[] = [];
  render(<Own states={states} />);
  await press("Own");
  expect(onlyCode()).toBe("WIDGET_FAILED");
  expect([...new Set(states)]).toEqual(["false false"]);
});

test("a callback may unmount the button", async () => {
  render(<Once />);
  await (await running()).say({ type: "success", publicToken: null });
  expect(screen.toJSON()).toBeNull();
  expect(onError).not.toHaveBeenCalled();
});
