/** The Expo example in a browser, against a real server: from its button to the holdings that it shows. */

import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { connectAsGuest } from "../../../../apps/widget/test/browser/support/journey.js";
import { test } from "./support/example.js";

const CONNECT = "Connect your accounts";

/** Wait until the app shows that everything is read; give the text of what is held. */
async function shownHoldings(page: Page): Promise<string> {
  await page.getByText("Up to date").waitFor();
  return (await page.getByRole("region", { name: "Holdings" }).allInnerTexts()).join("\n");
}

describe("the Expo example", () => {
  for (const way of [
    "Provider and button",
    "init and button",
    "A modal of your own",
    "The system's browser",
  ]) {
    test(`connects a guest by: ${way}`, async ({ phone, framed }) => {
      await phone.getByRole("radio", { name: way }).click();
      await framed.open(CONNECT);
      await connectAsGuest(framed);
      expect(await shownHoldings(phone)).toContain("ETH");
    });
  }

  test("a person signs in with a mailed code", async ({ demo, phone, framed }) => {
    await framed.open(CONNECT);
    await framed.withCode(demo.baseUrl, "expo@example.com");
    await framed.consent();
    await framed.pickTestAccount(/trader/i);
    await framed.done();
    expect(await shownHoldings(phone)).toContain("ETH");
  });

  test("a returning person adds to what is there; disconnecting takes it all back", async ({
    phone,
    framed,
  }) => {
    await framed.open(CONNECT);
    await connectAsGuest(framed);
    await shownHoldings(phone);
    await framed.open("Connect another account");
    await framed.connectAddress("Solana", "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1");
    await framed.done();
    await phone.getByText("Solana", { exact: true }).first().waitFor();
    expect(await shownHoldings(phone)).toContain("ETH");

    await phone.getByRole("button", { name: "Disconnect" }).click();
    await phone.getByRole("button", { name: CONNECT }).waitFor();
    await phone.reload();
    await phone.getByRole("button", { name: CONNECT }).waitFor();
  });

  test("closing the widget is no error to speak of", async ({ phone, framed }) => {
    await framed.open(CONNECT);
    await framed.press(framed.button("Close"));
    await framed.isGone();
    await phone.getByRole("button", { name: CONNECT }).waitFor();
    expect(await phone.getByRole("alert").count()).toBe(0);
  });

  test("an account that nobody could look into is not said to be empty", async ({ phone, framed }) => {
    await framed.open(CONNECT);
    await framed.asGuest();
    await framed.consent();
    await framed.pickTestAccount(/^Broken account/);
    await framed.done();
    await phone.getByText("Nothing can be shown: what is in the accounts could not be read.").waitFor();
  });

  test("a backend that cannot be reached is said so, and asked again on demand", async ({ demo, phone }) => {
    await phone.route(`${demo.appUrl}/**`, (route) => route.abort());
    await phone.reload();
    await phone.getByRole("alert").getByText(demo.appUrl).waitFor();
    await phone.unroute(`${demo.appUrl}/**`);
    await phone.getByRole("button", { name: "Try again" }).click();
    await phone.getByRole("button", { name: CONNECT }).waitFor();
  });

  test("what its backend says when it gives no link token is told to the person", async ({ demo, phone }) => {
    // A widget that runs by then says it itself: here its frame is the slower one.
    await phone.route(
      ({ pathname }) => pathname === "/connect",
      () => undefined,
    );
    await phone.route(`${demo.appUrl}/**/create-link-token`, async (route) => {
      const reply = await route.fetch();
      await route.fulfill({ response: reply, status: 502, json: { error: "Come back after lunch." } });
    });
    await phone.getByRole("button", { name: CONNECT }).click();
    await phone.getByRole("alert").getByText("Come back after lunch.", { exact: true }).waitFor();
  });

  test("its backend gives a phone the address for the system's browser, where the return URL is registered", async ({
    demo,
  }) => {
    const create = (redirectUri: string) =>
      fetch(`${demo.appUrl}/api/kryptos/create-link-token`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ redirect_uri: redirectUri }),
      });
    expect((await create("kryptosexample://connected")).status).toBe(502);
    await demo.leadTo("kryptosexample://connected");
    expect(await (await create("kryptosexample://connected")).json()).toMatchObject({
      link_token: expect.stringMatching(/^link_/),
      hosted_url: expect.stringContaining(`${demo.baseUrl}/connect/l/`),
    });
  });
});
