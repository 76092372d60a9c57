/** Messages in both directions: only our page is heard, and only our page hears. */

import { Platform } from "react-native";
import { scriptOf } from "../src/opening/messages";
import { BASE, runIn } from "./support/page";
import { begin, isOpen, onError, onEvent, onSuccess, running, show } from "./support/screen";

beforeEach(begin);

const PAGE = `${BASE}/connect/app?v=1`;
const HOSTILE = [
  "</script><script>alert(1)</script>",
  "\u2028alert(1)\u2029",
  "'\"`$" + "{alert(1)}`\"'\\",
  '"});alert(1);({"',
  "\\u0022);alert(1)//",
  "<!--",
  "&quot;\u0000\ud800",
  "__proto__",
  "😀 ÿ ￿",
];

test.each(HOSTILE)("%j arrives as it was, and does nothing else", (text) => {
  const message = { type: "token-failed", message: text } as const;
  const script = scriptOf(message, PAGE);
  expect(runIn(PAGE, script)).toEqual([{ type: "kryptos-connect", detail: message }]);
  expect(script).not.toMatch(/[<>\u2028\u2029\n]/);
});

test("a script does nothing in any other page", () => {
  const script = scriptOf({ type: "token", linkToken: "link_1" }, PAGE);
  for (const elsewhere of ["https://evil.example/connect/app", `${BASE}/connect`, `${BASE}:8443/connect/app`])
    expect(runIn(elsewhere, script)).toEqual([]);
});

test("a page whose address is odd gets nothing", () => {
  expect(runIn(PAGE, scriptOf({ type: "back" }, 'javascript:alert("1")'))).toEqual([]);
});

const success = { type: "success", publicToken: "public_forged" };

test.each([
  ["of another origin", { url: "https://evil.example/connect/app" }],
  ["of another path", { url: `${BASE}/connect/app/frame` }],
  ["of the origin alone, where that is not enough", { url: BASE }],
  ["of nobody", { url: undefined }],
  ["of an odd address", { url: { href: PAGE } }],
  ["that is huge", { data: JSON.stringify({ ...success, padding: "x".repeat(100_001) }) }],
  ["that is no text", { data: success }],
  ["that is no JSON", { data: "success" }],
  ["that is a list", { data: JSON.stringify([success]) }],
  ["that is null", { data: "null" }],
  ["without a type", { data: JSON.stringify({ publicToken: "public_forged" }) }],
  ["of an odd type", { data: JSON.stringify({ ...success, type: 7 }) }],
  ["of an unknown type", { data: JSON.stringify({ ...success, type: "succes" }) }],
  ["with an odd token", { data: JSON.stringify({ ...success, publicToken: { a: 1 } }) }],
  ["with an empty token", { data: JSON.stringify({ ...success, publicToken: "" }) }],
  ["of an event without a name", { data: JSON.stringify({ type: "event" }) }],
])("a message %s is not heard", async (_, forged) => {
  show();
  const page = await running();
  await page.say(success, forged);
  expect(onSuccess).not.toHaveBeenCalled();
  expect(onError).not.toHaveBeenCalled();
  expect(onEvent).not.toHaveBeenCalled();
  expect(isOpen()).toBe(true);
});

test("on Android a message is told with its origin alone", async () => {
  jest.replaceProperty(Platform, "OS", "android");
  try {
    show();
    const page = await running();
    await page.say(success, { url: "https://evil.example" });
    expect(onSuccess).not.toHaveBeenCalled();
    await page.say(success, { url: BASE });
    expect(onSuccess).toHaveBeenCalledTimes(1);
  } finally {
    jest.restoreAllMocks();
  }
});
