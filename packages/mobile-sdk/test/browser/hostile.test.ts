/** What gets out of the WebView and into the app: links by the system, messages from the widget's page alone. */

import { expect } from "vitest";

import { connectAsGuest } from "../../../../apps/widget/test/browser/support/journey.js";
import { PageServer } from "../../../../apps/widget/test/browser/support/page-server.js";
import { test } from "./support/test.js";

const NEW_PERSON = { callback: "onSuccess", given: { public_token: expect.stringMatching(/^public_/) } };
const FORGED = { type: "success", publicToken: "public_forged" };

test("a link to elsewhere is opened by the system, never in the WebView", async ({
  demo,
  phone,
  address,
}) => {
  await phone.startApp(address);
  const widget = await phone.open();
  await widget.withCode(demo.baseUrl, "links@example.com");
  await widget.consent();
  await widget.pickTestAccount(/trader/i);
  await widget.press(widget.frame.getByRole("link", { name: "Open the consent centre" }));
  await expect.poll(() => phone.opened).toEqual([`${demo.baseUrl}/account`]);
  expect(widget.page.url()).toContain(`${demo.baseUrl}/connect/app`);
  await widget.done();
  expect(await phone.onlyCall()).toEqual(NEW_PERSON);
});

test("no other page is let into the WebView, however it is led there", async ({ demo, phone, address }) => {
  await using elsewhere = await PageServer.serve("<title>elsewhere</title>");
  await phone.startApp(address);
  const widget = await phone.open();
  await widget.button(/guest/i).waitFor();
  for (const place of [elsewhere.origin, `${demo.baseUrl}/account`, `${demo.baseUrl}/connectors`]) {
    await widget.page.evaluate((url) => void location.assign(url), place);
    await expect.poll(() => phone.opened.at(-1)).toContain(place);
    expect(widget.page.url()).toContain(`${demo.baseUrl}/connect/app`);
  }
  await connectAsGuest(widget);
  expect(await phone.onlyCall()).toEqual(NEW_PERSON);
});

test("messages of other pages are not heard", async ({ demo, phone, address }) => {
  await phone.startApp(address);
  const widget = await phone.open();
  await widget.asGuest();
  for (const url of [
    "https://evil.example/connect/app",
    `${demo.baseUrl}.evil.example/connect/app`,
    `${demo.baseUrl}@evil.example/connect/app`,
    `${demo.baseUrl}/account`,
    "about:blank",
    "",
  ]) {
    await phone.forge(url, FORGED);
  }
  expect(phone.calls).toEqual([]);
  // That of the widget's own page is heard, by the same way.
  await phone.forge(widget.page.url(), FORGED);
  expect(await phone.onlyCall()).toEqual({ callback: "onSuccess", given: { public_token: "public_forged" } });
});

test("a page that got into the WebView all the same learns nothing, and ends nothing", async ({
  phone,
  address,
}) => {
  await using evil = await PageServer.serve(`<script>
    window.heard = [];
    addEventListener("kryptos-connect", ({ detail }) => heard.push(detail));
    for (const message of [{ kryptos: 1, type: "ready" }, ${JSON.stringify(FORGED)}])
      ReactNativeWebView.postMessage(JSON.stringify(message));
  </script>`);
  await phone.startApp(address);
  const widget = await phone.open();
  await widget.button(/guest/i).waitFor();
  await phone.letInUnasked(evil.origin);
  await phone.delivered();
  expect(await widget.page.evaluate("heard")).toEqual([]);
  expect(phone.calls).toEqual([]);
});

test("what an app says of itself cannot break out of the script that carries it", async ({
  phone,
  address,
}) => {
  const appName = `"}'));window.broken=1;//</script>\u2028\\\`\${window.broken=1}`;
  await phone.startApp(address, { config: { appName } });
  const widget = await phone.open();
  await widget.asGuest();
  expect(await widget.page.evaluate("window.broken")).toBeUndefined();
  await widget.consent();
  await widget.pickTestAccount(/trader/i);
  await widget.done();
  expect(await phone.onlyCall()).toEqual(NEW_PERSON);
});
