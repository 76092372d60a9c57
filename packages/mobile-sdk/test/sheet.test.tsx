/** What the person sees around the widget: room for the system's bars, eight languages, names for screen readers. */

import { act, screen } from "@testing-library/react-native";
import {
  Dimensions,
  I18nManager,
  KeyboardAvoidingView,
  Modal,
  NativeModules,
  Platform,
  StatusBar,
  StyleSheet,
} from "react-native";
import type { Language } from "../src/index";
import { phoneLanguage, textsIn } from "../src/texts";
import { begin, generateLinkToken, press, running, show } from "./support/screen";

beforeEach(begin);
afterEach(() => jest.restoreAllMocks());

/** The view that leaves room for the system's bars. */
const insets = () =>
  StyleSheet.flatten(screen.UNSAFE_getByProps({ accessibilityViewIsModal: true }).props.style) as object;

const layOut = (height: number): Promise<void> =>
  act(async () => {
    screen.UNSAFE_getByType(KeyboardAvoidingView).props.onLayout({ nativeEvent: { layout: { height } } });
  });

test("iOS: a sheet that turns with the phone, and makes room for the keyboard", async () => {
  jest.spyOn(Platform, "Version", "get").mockReturnValue("26.1");
  show();
  await press();
  const { props } = screen.UNSAFE_getByType(Modal);
  expect(props).toMatchObject({ presentationStyle: "pageSheet", animationType: "slide", visible: true });
  expect(props.supportedOrientations).toContain("landscape");
  expect(screen.UNSAFE_getByType(KeyboardAvoidingView).props.behavior).toBe("padding");
  expect(insets()).toMatchObject({ paddingTop: 0, paddingBottom: 0 });
});

test.each([
  ["12.5", 667, { paddingTop: 20, paddingBottom: 0 }],
  ["12.5", 812, { paddingTop: 44, paddingBottom: 34 }],
  ["13.0", 812, { paddingTop: 0, paddingBottom: 0 }],
])("iOS %s, %i high: room is %j", async (version, height, room) => {
  jest.spyOn(Platform, "Version", "get").mockReturnValue(version);
  jest.spyOn(Dimensions, "get").mockReturnValue({ width: 375, height, scale: 2, fontScale: 1 });
  show();
  await press();
  expect(insets()).toMatchObject(room);
});

test("Android: a window that makes room itself is left alone; one from edge to edge is not", async () => {
  jest.replaceProperty(Platform, "OS", "android");
  show();
  await press();
  expect(screen.UNSAFE_getByType(Modal).props.presentationStyle).toBeUndefined();
  const { height } = Dimensions.get("screen");
  await layOut(height - 24);
  expect(insets()).toMatchObject({ paddingTop: 0, paddingBottom: 0 });
  expect(screen.UNSAFE_getByType(KeyboardAvoidingView).props.behavior).toBeUndefined();
  await layOut(height);
  expect(insets()).toMatchObject({ paddingTop: StatusBar.currentHeight, paddingBottom: 48 });
  expect(screen.UNSAFE_getByType(KeyboardAvoidingView).props.behavior).toBe("padding");
});

const LANGUAGES: readonly Language[] = ["en", "fr", "de", "pt", "sv", "es", "pl", "it"];

test("every text stands in every language, and in its own words", () => {
  const names = Object.keys(textsIn("en")) as Array<keyof ReturnType<typeof textsIn>>;
  for (const name of names) {
    const said = LANGUAGES.map((language) => textsIn(language)[name]);
    expect(said.every((each) => each.trim().length > 3)).toBe(true);
    expect(new Set(said).size).toBeGreaterThan(5);
  }
  expect(textsIn(undefined)).toBe(textsIn("en"));
  expect(textsIn("xx" as Language)).toBe(textsIn("en"));
});

test.each(LANGUAGES)("in %s all that can be pressed has a name, and is 44 high", async (language) => {
  generateLinkToken.mockRejectedValueOnce(new TypeError("Network request failed"));
  show({ testID: "own" }, { language });
  await press();
  const texts = textsIn(language);
  for (const name of [texts.close, texts.retry]) {
    const { props } = screen.getByRole("button", { name });
    const { height, minHeight } = StyleSheet.flatten(props.style);
    expect(height ?? minHeight).toBeGreaterThanOrEqual(44);
  }
});

test.each([
  ["sv-SE", "sv"],
  ["pt_BR", "pt"],
  ["FR", "fr"],
  ["ja-JP", undefined],
  ["", undefined],
])("a phone in %j: %s", (locale, language) => {
  jest.spyOn(Intl, "DateTimeFormat").mockReturnValue({ resolvedOptions: () => ({ locale }) } as never);
  expect(phoneLanguage()).toBe(language);
});

test("an engine without Intl: the system says it", () => {
  jest.spyOn(Intl, "DateTimeFormat").mockImplementation(() => {
    throw new ReferenceError("Intl");
  });
  expect(phoneLanguage()).toBeUndefined();
  NativeModules["SettingsManager"] = { settings: { AppleLanguages: ["it-IT", "en"] } };
  expect(phoneLanguage()).toBe("it");
  Object.assign(I18nManager, { localeIdentifier: "pl_PL" });
  expect(phoneLanguage()).toBe("pl");
  Object.assign(I18nManager, { localeIdentifier: undefined });
});

test("the phone's language is the widget's", async () => {
  jest
    .spyOn(Intl, "DateTimeFormat")
    .mockReturnValue({ resolvedOptions: () => ({ locale: "de-AT" }) } as never);
  show();
  const page = await running();
  expect(page.address).toContain("lang=de");
  expect(page.heard[1]).toMatchObject({ language: "de" });
});
