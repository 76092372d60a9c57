/** The widget as a person meets it: by roles and words, with every click and key counted. */

import type { FrameLocator, Locator, Page } from "playwright-core";

import { mailedCode } from "./mailbox.js";

/** The documented test address of the sandbox's Ethereum. */
export const TEST_ADDRESS = "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa";

/** Where a widget is: in the frame of a dialog, or a page of its own. */
export type Place = FrameLocator | Page;

export class Widget {
  readonly page: Page;
  readonly dialog: Locator;
  readonly frame: Place;
  /** What it has cost the person so far. */
  clicks = 0;
  typed = 0;

  constructor(page: Page, place?: Place) {
    this.page = page;
    this.dialog = page.locator("dialog[open]");
    this.frame = place ?? this.dialog.locator("iframe").contentFrame();
  }

  /** Press the host page's button. */
  async open(name: string | RegExp = /connect/i): Promise<this> {
    await this.page.getByRole("button", { name }).click();
    this.clicks += 1;
    return this;
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole("button", { name });
  }

  async press(what: Locator): Promise<void> {
    await this.during(what.click());
    this.clicks += 1;
  }

  /** Wait for an action's end or, since the browser may never tell it, for the end of the frame in which it was done. */
  async during(action: Promise<void>): Promise<void> {
    await Promise.race([action, this.isGone()]);
    action.catch(() => undefined);
  }

  async type(into: Locator, text: string): Promise<void> {
    await into.fill(text);
    this.typed += text.length;
  }

  // ------------------------------------------------------------ the steps of a person

  async asGuest(): Promise<void> {
    await this.press(this.button(/guest/i));
  }

  /** Sign in with the code that was mailed. */
  async withCode(baseUrl: string, address: string): Promise<void> {
    await this.type(this.frame.getByRole("textbox", { name: /mail/i }), address);
    await this.press(this.button(/continue/i));
    const field = this.frame.getByRole("textbox", { name: /code/i });
    await field.waitFor();
    await this.type(field, await mailedCode(baseUrl, address));
  }

  async consent(): Promise<void> {
    await this.press(this.button(/allow/i));
  }

  /** Choose one of the sandbox's test accounts from the list. */
  async pickTestAccount(name: string | RegExp): Promise<void> {
    await this.press(this.frame.getByRole("option", { name }));
  }

  /** Find a provider by typing, choose it, and connect an address there. */
  async connectAddress(provider: string, address: string): Promise<void> {
    await this.type(this.frame.getByRole("combobox"), provider);
    await this.press(this.frame.getByRole("option", { name: new RegExp(`^${provider} Blockchain`) }).first());
    await this.type(this.frame.getByRole("textbox", { name: /address/i }), address);
    await this.press(this.button(/^connect/i));
  }

  async done(): Promise<void> {
    await this.press(this.button(/done/i));
    await this.isGone();
  }

  async isGone(): Promise<void> {
    await this.dialog.waitFor({ state: "detached" });
  }
}
