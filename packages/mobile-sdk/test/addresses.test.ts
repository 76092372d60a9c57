/** What may become of an address, and whose message it is. */

import { decide, isFromPage } from "../src/opening/addresses";

const BASE = "https://connect.example/base/";

test.each([
  "https://connect.example/base/connect",
  "https://connect.example/base/connect/app?v=1&client_id=c#x",
  "https://connect.example:443/base/connect/l/1",
  "HTTPS://CONNECT.EXAMPLE/base/connect/",
])("%s stays", (address) => expect(decide(address, BASE)).toBe("stay"));

test.each([
  "https://connect.example/base/connections",
  "https://connect.example/base/privacy",
  "https://connect.example/connect/app",
  "https://connect.example:8443/base/connect/app",
  "https://connect.example/base/connect/../privacy",
  "https://connect.example/base/connect/%2e%2E/privacy",
  "https://connect.example/base/connect/..",
  "https://connect.example.evil.example/base/connect",
  "https://connect.example@evil.example/base/connect",
  "https://evil.example/https://connect.example/base/connect",
  "http://connect.example/base/connect",
  "mailto:help@connect.example",
  "wc:7f6e@2?relay-protocol=irn&symKey=1",
  "metamask://wc?uri=wc%3A7f6e",
])("%s is opened elsewhere", (address) => expect(decide(address, BASE)).toBe("open"));

test.each([
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  " javascript:alert(1)",
  "java\nscript:alert(1)",
  "\u0001https://connect.example/base/connect",
  "https:\\\\evil.example/",
  "https://connect.example\\@evil.example/base/connect",
  "file:///etc/passwd",
  "intent://scan/#Intent;scheme=zxing;end",
  "content://com.example/1",
  "data:text/html,<script>1</script>",
  "blob:https://connect.example/1",
  "about:blank",
  "about:srcdoc",
  "tel:+1",
  "sms:+1",
  "market://details?id=1",
  "itms-apps://1",
  "unknown-app://x",
  "//connect.example/base/connect",
  "/base/connect",
  "connect",
  "",
  `https://connect.example/base/connect?${"x".repeat(9000)}`,
])("%s is refused", (address) => expect(decide(address, BASE)).toBe("refuse"));

test("what is no text is refused", () => {
  for (const given of [undefined, null, 7, {}]) expect(decide(given as never, BASE)).toBe("refuse");
});

test("a server on this machine, over http, with its port", () => {
  expect(decide("http://localhost:4400/connect/app?v=1", "http://localhost:4400")).toBe("stay");
  expect(decide("http://localhost:4401/connect/app?v=1", "http://localhost:4400")).toBe("open");
});

const PAGE = "https://connect.example/base/connect/app?v=1&client_id=c";

test.each([
  PAGE,
  "https://connect.example/base/connect/app",
  "https://CONNECT.example:443/base/connect/app?other#x",
])("%s is our page", (sender) => expect(isFromPage(sender, PAGE, false)).toBe(true));

test.each([
  "https://evil.example/base/connect/app",
  "https://connect.example/base/connect/app/",
  "https://connect.example/base/connect/app/frame",
  "https://connect.example/base/connect",
  "https://connect.example/",
  "https://connect.example",
  "http://connect.example/base/connect/app",
  "https://connect.example:8443/base/connect/app",
  "https://connect.example@evil.example/base/connect/app",
  "about:blank",
  "null",
  "",
  undefined,
  null,
  {},
])("%s is not", (sender) => expect(isFromPage(sender, PAGE, false)).toBe(false));

test("Android tells the origin alone: ours suffices there, another does not", () => {
  for (const sender of ["https://connect.example", "https://connect.example/"])
    expect(isFromPage(sender, PAGE, true)).toBe(true);
  for (const sender of [
    "https://evil.example",
    "https://connect.example:8443",
    "null",
    "https://connect.example/base",
  ])
    expect(isFromPage(sender, PAGE, true)).toBe(false);
});
