/** `test` with the Expo example as a page, on an origin that the demo's client and the example's backend know. */

import type { Page } from "playwright-core";
import { preview } from "vite";

import { Demo, freePort } from "../../../../../apps/widget/test/browser/support/demo.js";
import { test as base } from "../../../../../apps/widget/test/browser/support/test.js";
import { Widget } from "../../../../../apps/widget/test/browser/support/widget.js";
import { exportApp } from "./expo.js";

interface Given {
  /** Where the page will be. */
  readonly url: string;
  readonly demo: Demo;
  /** Where it is served. */
  readonly site: string;
  /** A phone's browser with the example in it. */
  readonly phone: Page;
  /** The widget in it, once it was opened. */
  readonly framed: FramedWidget;
}

/** The widget in a page of react-native-web: a frame in a modal that is no `<dialog>`. */
export class FramedWidget extends Widget {
  constructor(page: Page) {
    super(page, page.locator("iframe").contentFrame());
  }

  override async isGone(): Promise<void> {
    await this.page.locator("iframe").waitFor({ state: "detached" });
  }
}

export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

export const test = base.extend<Given>({
  url: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what is wanted from this pattern
    async ({}, use) => use(`http://localhost:${await freePort()}`),
    { scope: "file" },
  ],
  demo: [
    async ({ url }, use) => {
      const demo = await Demo.start({ APP_ORIGINS: url });
      await demo.allow(url);
      await use(demo);
      await demo.stop();
    },
    { scope: "file" },
  ],
  site: [
    async ({ demo, url }, use) => {
      await using exported = await exportApp(["web"], { EXPO_PUBLIC_BACKEND_URL: demo.appUrl });
      const site = await preview({
        configFile: false,
        root: exported.folder,
        logLevel: "error",
        build: { outDir: "." },
        preview: { host: "localhost", port: Number(new URL(url).port), strictPort: true },
      });
      await use(url);
      await site.close();
    },
    { scope: "file" },
  ],
  phone: async ({ browser, site, onTestFailed }, use) => {
    const context = await browser.newContext(PHONE);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(`uncaught: ${error.message}`));
    onTestFailed(() => void process.stderr.write(`\n--- the page said\n${said.join("\n")}\n`));
    await page.goto(site);
    await use(page);
    await context.close();
  },
  framed: async ({ phone }, use) => use(new FramedWidget(phone)),
});
