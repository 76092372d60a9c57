/** The button: its words, its colours, its size, in both generations. */

import { act, render, screen } from "@testing-library/react-native";
import * as React from "react";
import { Appearance, Image, PlatformColor, StyleSheet, Text } from "react-native";
import { KryptosConnect, KryptosConnectButton } from "../src/index";
import { begin, CONFIG, running, show } from "./support/screen";

beforeEach(begin);

const button = () => screen.getByRole("button");
const dress = () => StyleSheet.flatten(button().props.style);
const colour = () => StyleSheet.flatten(screen.getByText("Connect to Kryptos").props.style).color;

test("the first generation: its words, its purple, a text that can be read on it", () => {
  show();
  expect(dress()).toMatchObject({ backgroundColor: "#8b5cf6", borderRadius: 8, minHeight: 56 });
  expect(colour()).toBe("#0a0a0a");
});

test("children, style and textStyle are the app's", () => {
  show({
    children: "Connect Wallet",
    style: [{ backgroundColor: "#123456" }, { borderRadius: 12, padding: 16 }],
    textStyle: { color: "#eeeeee", fontSize: 16 },
  });
  expect(dress()).toMatchObject({ backgroundColor: "#123456", borderRadius: 12, padding: 16 });
  expect(StyleSheet.flatten(screen.getByText("Connect Wallet").props.style)).toMatchObject({
    color: "#eeeeee",
    fontSize: 16,
  });
});

test("children may be more than words", () => {
  show({ children: <Text testID="own">Own</Text> });
  expect(screen.getByTestId("own").parent?.parent?.type).not.toBe("Text");
  show({ children: ["Connect ", 2, " accounts"] });
  expect(screen.getByText("Connect 2 accounts")).toBeTruthy();
});

test("buttonLabel and buttonHeight", () => {
  show({ buttonLabel: "Link accounts", buttonHeight: 48 });
  expect(screen.getByText("Link accounts")).toBeTruthy();
  expect(dress().minHeight).toBe(48);
});

test("a small button is still 44 high to a finger", () => {
  show({ buttonHeight: 30 });
  expect(button().props.hitSlop).toEqual({ top: 7, bottom: 7 });
});

test("what a TouchableOpacity takes is handed on; what it does is ours", () => {
  const onPress = jest.fn();
  show({ testID: "mine", accessibilityHint: "Opens a sheet", disabled: true, ...({ onPress } as object) });
  const { props } = screen.getByTestId("mine");
  expect(props.accessibilityHint).toBe("Opens a sheet");
  expect(props.accessibilityState).toMatchObject({ disabled: true });
  expect(props.generateLinkToken).toBeUndefined();
});

test.each([
  [{}, {}, "#8b5cf6", "#0a0a0a"],
  [{ "--kc-primary": "#111111" }, {}, "#111111", "#ffffff"],
  [{ "--kc-primary": "#111111", "--kc-primary-text": "#ff0000" }, {}, "#111111", "#ff0000"],
  [{ "--kc-primary": "#111111" }, { backgroundColor: "white" }, "white", "#0a0a0a"],
  [{ "--kc-primary-text": "#ff0000" }, { backgroundColor: "rgb(0, 0, 0)" }, "rgb(0, 0, 0)", "#ff0000"],
  [{ "--kc-primary": "color-mix(in srgb, red, blue)" }, {}, "#00c693", "#0a0a0a"],
])("cssVars %j and style %j: %s, %s", (cssVars, style, background, text) => {
  show({ style }, { cssVars: cssVars as Record<string, string> });
  expect(dress().backgroundColor).toBe(background);
  expect(colour()).toBe(text);
});

test("the platform's own colour, which nobody can look into, gets white", () => {
  show({ style: { backgroundColor: PlatformColor("label") } });
  expect(colour()).toBe("#ffffff");
});

test("the later generation: init, its green, and the widget told of no other colours", async () => {
  KryptosConnect.init({ ...CONFIG, appName: "Init", language: "fr" });
  KryptosConnect.init({ ...CONFIG, appName: "Init again", language: "fr" });
  render(<KryptosConnectButton generateLinkToken={async () => ({ link_token: "link_1" })} />);
  expect(dress().backgroundColor).toBe("#00c693");
  const page = await running();
  expect(page.heard[1]).toMatchObject({
    appName: "Init again",
    language: "fr",
    cssVars: {},
    cssVarsDark: {},
  });
});

test("the provider wins over init, and has the first generation's colours", async () => {
  KryptosConnect.init({ ...CONFIG, appName: "Init" });
  show(
    {},
    {
      cssVars: { "--kc-primary": "#111111", "--kc-unknown": "1", "--kc-border": "url(https://evil.example)" },
    },
  );
  expect((await running()).heard[1]).toMatchObject({
    appName: "My App",
    cssVars: { "--kc-primary": "#111111", "--kc-text-primary": "#000000" },
    cssVarsDark: { "--kc-primary": "#111111", "--kc-bg-primary": "#1a1a1a", "--kc-border": "#404040" },
  });
});

const ASSET = { uri: "https://cdn.example/logo.png", width: 1, height: 1, scale: 1 };

test.each([
  ["https://cdn.example/logo.png", "https://cdn.example/logo.png"],
  ["data:image/png;base64,AAAA", "data:image/png;base64,AAAA"],
  ["http://cdn.example/logo.png", undefined],
  ["file:///logo.png", undefined],
  [`data:image/png,${"x".repeat(200_000)}`, undefined],
  [{ uri: "https://cdn.example/logo.png" }, "https://cdn.example/logo.png"],
  [[{ uri: "https://cdn.example/logo.png" }], "https://cdn.example/logo.png"],
  [{ uri: "file:///logo.png" }, undefined],
  [<Text key="logo">Logo</Text>, undefined],
  [null, undefined],
])("appLogo %j is sent as %s", async (appLogo, sent) => {
  show({}, { appLogo });
  expect((await running()).heard[1]?.["appLogo"]).toBe(sent);
});

test("a bundled picture is sent where its address is one of the web", async () => {
  const resolved = jest.spyOn(Image, "resolveAssetSource").mockReturnValue(ASSET);
  show({}, { appLogo: 7 });
  expect((await running()).heard[1]).toMatchObject({ appLogo: ASSET.uri });
  expect(resolved).toHaveBeenCalledWith(7);
  resolved.mockRestore();
});

test("theme auto follows the system, live, and stops listening", async () => {
  const listeners = new Set<(now: { colorScheme: "light" | "dark" }) => void>();
  jest.spyOn(Appearance, "getColorScheme").mockReturnValue("light");
  jest.spyOn(Appearance, "addChangeListener").mockImplementation((listener) => {
    listeners.add(listener as never);
    return { remove: () => void listeners.delete(listener as never) } as never;
  });
  const view = show({}, { theme: "auto", cssVars: {}, language: "en" });
  const page = await running();
  expect(page.address).toContain("theme=auto");
  await page.happens("onRenderProcessGone");
  const words = () => StyleSheet.flatten(screen.getByRole("alert").props.style).color;
  expect(words()).toBe("#000000");
  for (const listener of listeners) act(() => listener({ colorScheme: "dark" }));
  expect(words()).toBe("#ffffff");
  view.unmount();
  expect(listeners.size).toBe(0);
});
