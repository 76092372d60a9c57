/** Opens a view: in a language, a theme and a window. */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { test as base } from "../../../../widget/test/browser/support/test.js";
import type { Language } from "../../../src/contracts.js";
import { answerCalls, ORDINARY } from "./answers.js";
import type { View } from "./views.js";

export interface Look {
  readonly language?: Language;
  readonly context?: BrowserContextOptions;
  /** Done to the page before anything is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface Shown extends AsyncDisposable {
  readonly page: Page;
  /** What was done against the page's policy, or thrown and not caught. */
  readonly faults: readonly string[];
  /** Change the system's setting while the view stands. */
  turn(scheme: Scheme): Promise<void>;
}

export type Scheme = "light" | "dark";
export const SCHEMES: readonly Scheme[] = ["light", "dark"];

/** Without motion: what fades in has other colours for a moment. */
const STILL = { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" } as const;

export class Stage {
  readonly #browser: Browser;
  readonly #url: string;

  constructor(browser: Browser, url: string) {
    this.#browser = browser;
    this.#url = url;
  }

  async open(view: View, { language = "en", context, prepare }: Look = {}): Promise<Shown> {
    const tab = await this.#browser.newContext({ ...STILL, locale: language, ...context });
    const page = await tab.newPage();
    page.setDefaultTimeout(15_000);
    const faults = await listen(page);
    await answerCalls(page, { ...ORDINARY, ...view.answers });
    await prepare?.(page);
    await page.goto(this.#url + (view.hash ?? ""));
    await view.steps?.(page);
    await page.locator(view.shows).first().waitFor();
    return { page, faults, turn: (scheme) => turn(page, scheme), [Symbol.asyncDispose]: () => tab.close() };
  }

  /** Look at views, two at a time, for most of the time is the browser's; give all that was found. */
  async overViews(
    views: readonly View[],
    find: (view: View) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    const left = [...views];
    const found: string[] = [];
    const work = async () => {
      for (let view = left.shift(); view; view = left.shift()) found.push(...(await find(view)));
    };
    await Promise.all([work(), work()]);
    return found;
  }
}

async function listen(page: Page): Promise<string[]> {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy|trusted ?type/i.test(message.text())) faults.push(message.text());
  });
  return faults;
}

async function turn(page: Page, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(
    () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
  );
}

export const test = base.extend<{ readonly stage: Stage }>({
  stage: [
    async ({ browser, demo }, use) => use(new Stage(browser, `${demo.baseUrl}/account`)),
    { scope: "file" },
  ],
});
