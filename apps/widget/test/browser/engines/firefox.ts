/** Firefox ESR as its distribution ships it, driven over WebDriver BiDi. */

import puppeteer, { type Browser, type ElementHandle, type Frame, type Page } from "puppeteer-core";

import { type Engine, finding, type Place, until } from "./engine.js";

export const FIREFOX = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";

export class Firefox implements Engine {
  readonly name: string;
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(name: string, browser: Browser, page: Page) {
    this.name = name;
    this.#browser = browser;
    this.#page = page;
  }

  static async start(): Promise<Firefox> {
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
    const page = await browser.newPage();
    await page.setViewport({ width: 1100, height: 900 });
    return new Firefox(await browser.version(), browser, page);
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async press(where: Place, name: RegExp): Promise<void> {
    await until(`${name} in the ${where}`, async () => {
      const frame = await this.#frame(where);
      const found = await frame.evaluateHandle(finding(name));
      const element = found.asElement() as ElementHandle<Element> | null;
      if (!element) return null;
      // Where it is on the screen: within its frame, and the frame within the page.
      const inner = await element.evaluate((each) => {
        each.scrollIntoView({ block: "center" });
        const { x, y, width, height } = each.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      });
      const outer = where === "page" ? { x: 0, y: 0 } : await this.#corner();
      await this.#page.mouse.click(outer.x + inner.x, outer.y + inner.y);
      return true;
    });
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  async ask<T>(where: Place, expression: string): Promise<T> {
    return (await (await this.#frame(where)).evaluate(expression)) as T;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #frame(where: Place): Promise<Frame> {
    if (where === "page") return this.#page.mainFrame();
    const element = await this.#page.$("dialog[open] iframe");
    const frame = await element?.contentFrame();
    if (!frame) throw new Error("there is no widget");
    return frame;
  }

  #corner(): Promise<{ readonly x: number; readonly y: number }> {
    return this.#page.$eval("dialog[open] iframe", (frame) => {
      const { x, y } = frame.getBoundingClientRect();
      return { x, y };
    });
  }
}
