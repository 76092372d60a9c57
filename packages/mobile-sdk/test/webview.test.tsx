/** The WebView: what it is told to be, where it may go, and what the widget may ask of the phone. */

import { act } from "@testing-library/react-native";
import { Linking, Platform } from "react-native";
import { BASE, type Page } from "./support/page";
import { begin, isOpen, onError, press, running, show } from "./support/screen";
import { retry } from "./support/trouble";

const openURL = jest.spyOn(Linking, "openURL");

beforeEach(() => {
  begin();
  openURL.mockReset().mockResolvedValue(true);
});

test("it keeps nothing, reads no files, and cannot be looked into", async () => {
  show();
  const { props } = (await press()).view;
  expect(props).toMatchObject({
    originWhitelist: ["*"],
    incognito: true,
    thirdPartyCookiesEnabled: false,
    sharedCookiesEnabled: false,
    allowFileAccess: false,
    allowFileAccessFromFileURLs: false,
    allowUniversalAccessFromFileURLs: false,
    mixedContentMode: "never",
    geolocationEnabled: false,
    saveFormDataDisabled: true,
    dataDetectorTypes: "none",
    setSupportMultipleWindows: true,
    allowsLinkPreview: false,
    webviewDebuggingEnabled: true, // in development, which tests are
  });
  expect(Object.keys(props.source)).toEqual(["uri"]);
  for (const name of [
    "injectedJavaScript",
    "injectedJavaScriptBeforeContentLoaded",
    "injectedJavaScriptObject",
  ])
    expect(props[name]).toBeUndefined();
});

test("on Android it is not incognito: that would sign the app out", async () => {
  const os = jest.replaceProperty(Platform, "OS", "android");
  show();
  expect((await press()).view.props.incognito).toBe(false);
  os.restore();
});

test("in a release nobody can attach to it", async () => {
  const given = globalThis as { __DEV__?: boolean };
  given.__DEV__ = false;
  show();
  expect((await press()).view.props.webviewDebuggingEnabled).toBe(false);
  given.__DEV__ = true;
});

const letIn = (page: Page, url: string, more = {}): boolean =>
  page.view.props.onShouldStartLoadWithRequest({ url, isTopFrame: true, ...more });

test("our pages stay, other addresses are opened elsewhere or not at all", async () => {
  show();
  const page = await running();
  expect(letIn(page, page.address)).toBe(true);
  expect(letIn(page, `${BASE}/connect/app?v=1&again`)).toBe(true);
  expect(openURL).not.toHaveBeenCalled();
  expect(letIn(page, "https://wallet.example/wc?uri=1")).toBe(false);
  expect(letIn(page, "wc:7f6e@2?symKey=1")).toBe(false);
  for (const refused of ["javascript:1", "file:///1", "intent://1", "data:,1", "content://1", "other://1"])
    expect(letIn(page, refused)).toBe(false);
  expect(openURL.mock.calls).toEqual([["https://wallet.example/wc?uri=1"], ["wc:7f6e@2?symKey=1"]]);
});

test("a frame inside the page opens nothing", async () => {
  show();
  const page = await running();
  expect(letIn(page, "https://evil.example/", { isTopFrame: false })).toBe(false);
  expect(openURL).not.toHaveBeenCalled();
});

test("a new window is opened elsewhere, by the same rules", async () => {
  show();
  const page = await running();
  await page.happens("onOpenWindow", { targetUrl: "https://docs.example/" });
  await page.happens("onOpenWindow", { targetUrl: "javascript:alert(1)" });
  expect(openURL.mock.calls).toEqual([["https://docs.example/"]]);
});

test("a foreign page that came in all the same is taken away", async () => {
  show();
  const page = await running();
  await page.happens("onLoadStart", { url: page.address });
  await page.happens("onLoadStart", { url: "https://evil.example/" });
  expect(isOpen()).toBe(false);
  await retry();
  expect(page.address).toContain(`${BASE}/connect/app`);
  expect(onError).not.toHaveBeenCalled();
});

const ask = async (page: Page, method: string, params: unknown): Promise<unknown> => {
  await page.say({ type: "request", id: 7, method, params });
  await act(async () => {});
  return page.heard[page.heard.length - 1];
};

test("a phone has no wallets of a browser", async () => {
  show();
  expect(await ask(await running(), "wallets.list", {})).toEqual({ type: "result", id: 7, value: [] });
});

test.each([
  ["wc:7f6e@2", true],
  ["https://wallet.example", true],
  ["javascript:alert(1)", false],
  ["intent://1", false],
  [undefined, false],
])("link.open of %s answers %s", async (url, opened) => {
  show();
  expect(await ask(await running(), "link.open", { url })).toEqual({
    type: "result",
    id: 7,
    value: { opened },
  });
  expect(openURL).toHaveBeenCalledTimes(opened ? 1 : 0);
});

test("link.open that no app takes, and an unknown wish, are answered", async () => {
  openURL.mockRejectedValue(new Error("no app"));
  show();
  const page = await running();
  expect(await ask(page, "link.open", { url: "wc:1" })).toMatchObject({ value: { opened: false } });
  expect(await ask(page, "wallet.prove", { wallet: "evm:1" })).toMatchObject({
    type: "failure",
    code: "METHOD_UNKNOWN",
  });
});
