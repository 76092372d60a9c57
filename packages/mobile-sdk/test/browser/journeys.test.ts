/** The real widget in an app's WebView, moved by the SDK as it is published: whole journeys, each with one end. */

import { describe, expect } from "vitest";

import { connectAsGuest } from "../../../../apps/widget/test/browser/support/journey.js";
import { TEST_ADDRESS } from "../../../../apps/widget/test/browser/support/widget.js";
import { test } from "./support/test.js";

const NEW_PERSON = { callback: "onSuccess", given: { public_token: expect.stringMatching(/^public_/) } };
const LEFT = { callback: "onError", given: { code: "USER_EXIT", message: expect.any(String) } };

describe.each([
  ["android", /^Trader/],
  ["ios", /^Empty account/],
])("on %s", (os, another) => {
  test("a guest connects, and the app's backend exchanges what comes of it", async ({
    demo,
    phone,
    address,
  }) => {
    await phone.startApp(address, { os });
    await connectAsGuest(await phone.open());
    const call = await phone.onlyCall();
    expect(call).toEqual(NEW_PERSON);
    const exchanged = await demo.call("/token/exchange", call.given as object);
    expect(exchanged["access_token"]).toMatch(/^cat_/);
    expect(phone.linkTokens).toBe(1);
  });

  test("a person signs in with a mailed code, and types an address", async ({ demo, phone, address }) => {
    await phone.startApp(address, { os });
    const widget = await phone.open();
    await widget.withCode(demo.baseUrl, `reader-${os}@example.com`);
    await widget.consent();
    await widget.connectAddress("Ethereum", TEST_ADDRESS);
    await widget.done();
    expect(await phone.onlyCall()).toEqual(NEW_PERSON);
  });

  test("a returning person goes straight to the list: success with null", async ({
    demo,
    phone,
    address,
  }) => {
    phone.wanted = { access_token: demo.facts.access_token };
    await phone.startApp(address, { os });
    const widget = await phone.open();
    await widget.pickTestAccount(another);
    await widget.done();
    expect(await phone.onlyCall()).toEqual({ callback: "onSuccess", given: null });
  });
});

describe("time and trouble", () => {
  test("a link token that ran out is renewed, and nothing is lost", async ({ demo, phone, address }) => {
    await phone.startApp(address);
    const widget = await phone.open();
    await widget.asGuest();
    await widget.consent();
    await widget.frame.getByRole("combobox").waitFor();
    await demo.expireLinkTokens();
    await widget.pickTestAccount(/trader/i);
    await widget.done();
    expect(await phone.onlyCall()).toEqual(NEW_PERSON);
    expect(phone.linkTokens).toBe(2);
  });

  test("the page is loaded anew in the middle, as phones do that run short of memory", async ({
    phone,
    address,
  }) => {
    await phone.startApp(address);
    const widget = await phone.open();
    await widget.asGuest();
    await widget.consent();
    await widget.frame.getByRole("combobox").waitFor();
    await widget.page.reload();
    await widget.pickTestAccount(/trader/i);
    await widget.done();
    expect(await phone.onlyCall()).toEqual(NEW_PERSON);
  });

  test("offline, the app says so and tries again when it is told to", async ({ phone, address }) => {
    await phone.startApp(address);
    await phone.offline(true);
    await phone.app.getByRole("button", { name: "Connect" }).click();
    await phone.app.getByText(/offline/i).waitFor();
    await phone.offline(false);
    await phone.app.getByRole("button", { name: /try again/i }).click();
    await connectAsGuest(await phone.widget());
    expect(await phone.onlyCall()).toEqual(NEW_PERSON);
  });

  test("a client that the server does not know: the page says so, and closing it is no second end", async ({
    phone,
    address,
  }) => {
    await phone.startApp(address, { config: { clientId: "client_of_nobody" } });
    const widget = await phone.open();
    expect(await phone.onlyCall()).toEqual({
      callback: "onError",
      given: { code: "CLIENT_UNKNOWN", message: expect.any(String) },
    });
    await widget.frame.getByRole("heading", { name: "Kryptos Connect cannot be opened here" }).waitFor();
    await expect.poll(() => phone.app.getByText(/cannot be reached/i).count()).toBe(0);
    await phone.app.getByRole("button", { name: "Close" }).click();
    await widget.isGone();
    expect(await phone.onlyCall()).toMatchObject({ given: { code: "CLIENT_UNKNOWN" } });
  });
});

describe("leaving", () => {
  test("the back key leads one step back, and at the first screen out", async ({ phone, address }) => {
    await phone.startApp(address);
    const widget = await phone.open();
    await widget.asGuest();
    await widget.consent();
    await widget.press(widget.frame.getByRole("option", { name: /^Ethereum/ }).first());
    await widget.frame.getByRole("textbox", { name: /address/i }).waitFor();
    await phone.pressBack();
    await widget.frame.getByRole("combobox").waitFor();
    expect(phone.calls).toEqual([]);
    await widget.during(phone.pressBack());
    expect(await phone.onlyCall()).toEqual(LEFT);
    expect(phone.hasView).toBe(false);
  });

  test("× in the widget", async ({ phone, address }) => {
    await phone.startApp(address);
    const widget = await phone.open();
    await widget.press(widget.button("Close"));
    expect(await phone.onlyCall()).toEqual(LEFT);
  });

  test("an app that closes its own modal", async ({ phone, address }) => {
    await phone.startApp(address, { modal: true });
    const widget = await phone.widget();
    await widget.button(/guest/i).waitFor();
    await phone.app.evaluate(() => window.app.close());
    await widget.isGone();
    expect(await phone.onlyCall()).toEqual(LEFT);
  });

  test("an app that takes its button away", async ({ phone, address }) => {
    await phone.startApp(address);
    const widget = await phone.open();
    await widget.button(/guest/i).waitFor();
    await phone.app.evaluate(() => window.app.unmount());
    await widget.isGone();
    expect(await phone.onlyCall()).toMatchObject({ callback: "onError", given: { code: "HOST_UNMOUNTED" } });
  });
});
