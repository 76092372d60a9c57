/** `test` with what these tests need: a demo, a host and a browser for the file, a page and its widget for the test. */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { test as base } from "vitest";

import { launchBrowser } from "./browser.js";
import { Demo } from "./demo.js";
import { Host } from "./host.js";
import { Relay } from "./relay.js";
import { Widget } from "./widget.js";

interface Given {
  /** A relay of WalletConnect; a demo that is to name it is told so by whoever wants one. */
  readonly relay: Relay;
  readonly demo: Demo;
  readonly host: Host;
  readonly browser: Browser;
  /** What kind of device the page is on. */
  readonly device: BrowserContextOptions;
  readonly page: Page;
  readonly widget: Widget;
}

export const test = base.extend<Given>({
  relay: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what is wanted from this pattern
    async ({}, use) => {
      const relay = await Relay.start();
      await use(relay);
      await relay.stop();
    },
    { scope: "file" },
  ],
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use) => {
      const demo = await Demo.start();
      await use(demo);
      await demo.stop();
    },
    { scope: "file" },
  ],
  host: [
    async ({ demo }, use) => {
      const host = await Host.serve(demo);
      await use(host);
      await host.close();
    },
    { scope: "file" },
  ],
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use) => {
      const browser = await launchBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: see above
  device: async ({}, use) => use({}),
  page: async ({ browser, demo, device, host, onTestFailed }, use) => {
    host.reset();
    const context = await browser.newContext(device);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const said: string[] = [];
    page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(`uncaught: ${error.message}`));
    let atTheEnd = "";
    onTestFailed(async () => {
      process.stderr.write(
        `\n--- page\n${atTheEnd}\n--- console\n${said.join("\n")}\n${await demo.logs({ lines: 30 })}\n`,
      );
    });
    await use(page);
    atTheEnd = await shown(page);
    await context.close();
  },
  widget: async ({ page }, use) => use(new Widget(page)),
});

/** What page and frames show, as accessible text. */
async function shown(page: Page): Promise<string> {
  const texts = page.frames().map((frame) =>
    frame
      .locator("body")
      .ariaSnapshot({ timeout: 2000 })
      .catch((error: unknown) => String(error)),
  );
  return (await Promise.all(texts)).join("\n");
}
