/** What an app may give: base URL, link token, theme. */

import { expect, test } from "vitest";
import {
  isThemeValue,
  KryptosConnectError,
  messageOf,
  readBaseUrl,
  readLinkToken,
  readThemeValues,
  THEME_NAMES,
  textColourOn,
} from "../src/index.js";

test.each([
  "https://connect.example",
  "https://connect.example:8443/base/",
  "http://localhost:4400",
  "http://app.localhost:4400",
  "http://127.0.0.1:4400/",
  "http://[::1]:4400",
])("base URL %s is accepted", (url) => expect(readBaseUrl(url)).toBe(url));

test.each([
  "http://connect.example",
  "http://localhost.evil.example",
  "http://localhost@evil.example",
  "http://127.0.0.1.evil.example",
  "https://user@connect.example",
  "https://connect.example?x",
  "javascript:alert(1)",
  "connect.example",
  "",
])("base URL %j is refused in words", (url) => {
  expect(() => readBaseUrl(url)).toThrow(/Give an https: address/);
});

test("the documented host is the default", () =>
  expect(readBaseUrl()).toBe("https://connect-api.kryptos.io"));

test("a link token comes as the documented object or as a bare string", () => {
  expect(readLinkToken({ link_token: "link_1", isAuthorized: true })).toEqual({
    linkToken: "link_1",
    isAuthorized: true,
    baseUrl: undefined,
    hostedUrl: undefined,
  });
  expect(readLinkToken("link_2")).toMatchObject({ linkToken: "link_2", isAuthorized: false });
  expect(readLinkToken({ link_token: "link_3", base_url: "https://c.example" })).toMatchObject({
    baseUrl: "https://c.example",
  });
  expect(
    readLinkToken({ link_token: "link_4", hosted_url: "https://c.example/connect/l/s#host_1" }),
  ).toMatchObject({
    hostedUrl: "https://c.example/connect/l/s#host_1",
  });
});

test.each([
  undefined,
  null,
  {},
  "",
  { link_token: "" },
  { link_token: 7 },
  { data: { link_token: "link_1" } },
  5,
])("%j is no link token, and the error says what to return", (reply) => {
  expect(() => readLinkToken(reply)).toThrow(/Return \{ link_token: "link_…" \}/);
  expect(() => readLinkToken(reply)).toThrow(KryptosConnectError);
});

test("theme: documented names only, harmless values only", () => {
  expect(THEME_NAMES).toContain("--kc-shadow-lg");
  expect(new Set(THEME_NAMES).size).toBe(30);
  const given: Record<string, string> = {
    "--kc-primary": " #8b5cf6 ",
    "--kc-border": "url(//x)",
    color: "red",
  };
  expect(readThemeValues((name) => given[name])).toEqual({ "--kc-primary": "#8b5cf6" });
});

test.each([
  "red;color:blue",
  "URL(x)",
  "}",
  "image-set('x')",
  "a".repeat(201),
  "",
  " ",
  5,
  undefined,
  "/* x",
  "\\75rl(x)",
])("%j is no theme value", (value) => expect(isThemeValue(value)).toBe(false));

test.each(["#fff", "rgb(0 0 0 / 50%)", "0, 198, 147", "0 1px 2px rgba(0,0,0,.5)", "calc(4px + 1vw)"])(
  "%j is a theme value",
  (value) => expect(isThemeValue(value)).toBe(true),
);

test("text is white where that is readable, else what is better read", () => {
  expect(textColourOn([0, 0, 0])).toBe("#ffffff");
  expect(textColourOn([255, 255, 255])).toBe("#0a0a0a");
  expect(textColourOn([0, 198, 147])).toBe("#0a0a0a"); // #00c693
  expect(textColourOn([139, 92, 246])).toBe("#0a0a0a"); // #8b5cf6: 4.2:1 on white
  expect(textColourOn([124, 58, 237])).toBe("#ffffff"); // #7c3aed
  expect(textColourOn([102, 126, 234], [118, 75, 162])).toBe("#ffffff"); // a gradient
});

test("an error is an Error with a code", () => {
  const error = new KryptosConnectError("USER_EXIT", "Gone.", { requestId: "req_1" });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "KryptosConnectError",
    code: "USER_EXIT",
    message: "Gone.",
    requestId: "req_1",
  });
  expect(messageOf(error)).toBe("Gone.");
  expect(messageOf("gone")).toBe("gone");
});
