/** Whole journeys in the example app, from its button to the holdings it shows. */

import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { connectAsGuest } from "./support/journey.js";
import { test } from "./support/test.js";
import { TEST_ADDRESS, type Widget } from "./support/widget.js";

const MOST_CLICKS = 6;
const TEST_ACCOUNT = /trader/i;

async function openApp(page: Page, appUrl: string, widget: Widget): Promise<void> {
  await page.goto(appUrl);
  await widget.open("Connect your accounts");
}

/** Wait until the app shows that everything is read; give the symbols of what is held. */
async function shownHoldings(page: Page): Promise<readonly string[]> {
  await page.getByText("Up to date").waitFor();
  const rows = page.getByRole("region", { name: "Holdings" }).getByRole("rowheader");
  return (await rows.allInnerTexts()).map((text) => text.split(/\s/)[0] ?? "");
}

describe("the example app", () => {
  test("a guest connects a test account in six clicks and without typing", async ({ demo, page, widget }) => {
    await openApp(page, demo.appUrl, widget);
    await connectAsGuest(widget);
    expect(await shownHoldings(page)).toContain("ETH");
    expect(widget.typed).toBe(0);
    expect(widget.clicks).toBeLessThanOrEqual(MOST_CLICKS);
  });

  test("a person signs in with a mailed code", async ({ demo, page, widget }) => {
    await openApp(page, demo.appUrl, widget);
    await widget.withCode(demo.baseUrl, "reader@example.com");
    await widget.consent();
    await widget.pickTestAccount(TEST_ACCOUNT);
    await widget.done();
    expect(await shownHoldings(page)).toContain("ETH");
  });

  test("a person types an address", async ({ demo, page, widget }) => {
    await openApp(page, demo.appUrl, widget);
    await widget.asGuest();
    await widget.consent();
    await widget.connectAddress("Ethereum", TEST_ADDRESS);
    await widget.done();
    expect(await shownHoldings(page)).toEqual(expect.arrayContaining(["ETH", "USDC"]));
  });

  test("a returning person goes straight to the list, and adds to what is there", async ({
    demo,
    page,
    widget,
  }) => {
    await openApp(page, demo.appUrl, widget);
    await connectAsGuest(widget);
    const before = await shownHoldings(page);

    await widget.open("Connect another account");
    await widget.connectAddress("Solana", "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1");
    await widget.done();
    await page.getByRole("rowheader", { name: /^SOL/ }).waitFor();
    expect(await shownHoldings(page)).toEqual(expect.arrayContaining([...before, "SOL"]));
    const accounts = page.getByRole("region", { name: "Connected accounts" }).getByRole("listitem");
    expect(await accounts.count()).toBe(2);
  });

  test("disconnecting takes the access back", async ({ demo, page, widget }) => {
    await openApp(page, demo.appUrl, widget);
    await connectAsGuest(widget);
    await shownHoldings(page);
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("button", { name: "Connect your accounts" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Connect your accounts" }).waitFor();
  });

  test("an empty account is said to be empty", async ({ demo, page, widget }) => {
    await openApp(page, demo.appUrl, widget);
    await widget.asGuest();
    await widget.consent();
    await widget.pickTestAccount(/^Empty account/);
    await widget.done();
    await page.getByText("There is nothing in the connected accounts.").waitFor();
  });

  test("an account that nobody could look into is not said to be empty", async ({ demo, page, widget }) => {
    await openApp(page, demo.appUrl, widget);
    await widget.asGuest();
    await widget.consent();
    await widget.pickTestAccount(/^Broken account/);
    await widget.done();
    await page.getByText("Nothing can be shown: what is in the accounts could not be read.").waitFor();
    expect(await page.getByText("There is nothing in the connected accounts.").count()).toBe(0);
  });

  test("the widget follows the app's theme and colours", async ({ demo, page, widget }) => {
    await page.goto(demo.appUrl);
    await page.getByRole("button", { name: "Dark theme" }).click();
    await widget.open("Connect your accounts");
    const action = widget.button("Continue");
    await action.waitFor();
    expect(await action.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe(
      "rgb(79, 70, 229)",
    );
    const frame = await page.locator("dialog iframe").getAttribute("src");
    expect(new URL(frame ?? "").searchParams.get("theme")).toBe("dark");
  });
});
