/** The system's browser instead of the WebView: the hosted page there, the SDK asking how it ended, the deep link back. */

import type { Browser, Page } from "playwright-core";
import { describe, expect } from "vitest";

import type { Demo } from "../../../../apps/widget/test/browser/support/demo.js";
import { TEST_ADDRESS, Widget } from "../../../../apps/widget/test/browser/support/widget.js";
import type { Phone } from "./support/phone.js";
import { test } from "./support/test.js";

const RETURN_URL = "phoneapp://connected";
const NEW_PERSON = { callback: "onSuccess", given: { public_token: expect.stringMatching(/^public_/) } };

/** Press the app's button; give the page that the system's browser shows then. */
async function openBrowser(demo: Demo, phone: Phone, browser: Browser, address: string): Promise<Page> {
  await demo.leadTo(RETURN_URL);
  await demo.allow(address); // a phone's app may ask any server: so must the page that stands in for it
  phone.wanted = { redirect_uri: RETURN_URL };
  await phone.startApp(address, { config: { openIn: "browser", returnUrl: RETURN_URL } });
  await phone.app.getByRole("button", { name: "Connect" }).click();
  await expect.poll(() => phone.opened).toHaveLength(1);
  const page = await (await browser.newContext()).newPage();
  await page.goto(phone.opened[0] ?? "");
  return page;
}

/** Do all that the person does there; wait until the page leads back to the app. */
async function connectInBrowser(page: Page): Promise<void> {
  const widget = new Widget(page, page);
  await widget.asGuest();
  await widget.consent();
  await widget.connectAddress("Ethereum", TEST_ADDRESS);
  await widget.button(/done/i).click();
}

describe("in the system's browser", () => {
  test("a guest connects, and the app learns of it when the deep link arrives", async ({
    browser,
    demo,
    phone,
    address,
  }) => {
    const page = await openBrowser(demo, phone, browser, address);
    await phone.happens("change", "background");
    await connectInBrowser(page);
    await phone.happens("change", "active");
    await phone.happens("url", { url: `${RETURN_URL}?session_id=any` });
    const call = await phone.onlyCall();
    expect(call).toEqual(NEW_PERSON);
    const exchanged = await demo.call("/token/exchange", call.given as object);
    expect(exchanged["access_token"]).toMatch(/^cat_/);
    expect(phone.hasView).toBe(false);
    await page.context().close();
  });

  test("and also when no deep link ever arrives, for the app asks", async ({
    browser,
    demo,
    phone,
    address,
  }) => {
    const page = await openBrowser(demo, phone, browser, address);
    await connectInBrowser(page);
    expect(await phone.onlyCall()).toEqual(NEW_PERSON);
    await page.context().close();
  });

  test("a person who leaves there has left", async ({ browser, demo, phone, address }) => {
    const page = await openBrowser(demo, phone, browser, address);
    await page.getByRole("button", { name: "Close" }).click();
    expect(await phone.onlyCall()).toMatchObject({ callback: "onError", given: { code: "USER_EXIT" } });
    await page.context().close();
  });

  test("a person who cancels in the app has left, whatever the browser shows still", async ({
    browser,
    demo,
    phone,
    address,
  }) => {
    const page = await openBrowser(demo, phone, browser, address);
    await phone.app.getByRole("button", { name: "Cancel" }).click();
    expect(await phone.onlyCall()).toMatchObject({ callback: "onError", given: { code: "USER_EXIT" } });
    await page.context().close();
  });
});
