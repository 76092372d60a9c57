/** Opens a view in a host page: in a language, a theme, a window and the colours of a customer. */

import type { Browser, BrowserContextOptions, Frame, Page } from "playwright-core";

import type { Language } from "../../../src/contracts.js";
import { Demo } from "../support/demo.js";
import { EvmWallet, installEvmWallet, installSolanaWallet, SolanaWallet } from "../support/mock-wallets.js";
import { test as base } from "../support/test.js";
import { WalletApp } from "../support/wallet-app.js";
import { type Place, Widget } from "../support/widget.js";
import { answerCalls, ordinary } from "./answers.js";
import { type Recorded, record } from "./recorded.js";
import type { View } from "./views.js";

export interface Look {
  readonly language?: Language;
  /** Added to the SDK's settings. */
  readonly config?: object;
  readonly context?: BrowserContextOptions;
  /** Done to the page before anything is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface Shown extends AsyncDisposable {
  readonly page: Page;
  readonly widget: Place;
  /** The widget's own document. */
  readonly frame: Frame;
  /** Change the system's setting while the view stands. */
  turn(scheme: Scheme): Promise<void>;
}

export type Scheme = "light" | "dark";
export const SCHEMES: readonly Scheme[] = ["light", "dark"];

/** Without motion: a screen that fades in has other colours for a moment. */
const STILL = { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" } as const;

export class Stage {
  readonly recorded: Recorded;
  readonly #browser: Browser;
  readonly #wallet: WalletApp;
  readonly #url: (shape: string, config: object) => string;

  constructor(
    browser: Browser,
    wallet: WalletApp,
    url: (shape: string, config: object) => string,
    recorded: Recorded,
  ) {
    this.recorded = recorded;
    this.#wallet = wallet;
    this.#browser = browser;
    this.#url = url;
  }

  /** Open a view, complete; the theme is the system's, so that it can be changed while the view stands. */
  async open(view: View, { language = "en", config, context, prepare }: Look = {}): Promise<Shown> {
    const tab = await this.#browser.newContext({ ...STILL, ...context });
    const page = await tab.newPage();
    page.setDefaultTimeout(15_000);
    await page.route("**/create-link-token", (route) =>
      route.fulfill({ json: { link_token: "link_of_a_view", isAuthorized: false } }),
    );
    await answerCalls(page, { ...ordinary(this.recorded), ...view.answers?.(this.recorded) });
    await installEvmWallet(page, new EvmWallet());
    await installSolanaWallet(page, new SolanaWallet("solana:signIn"));
    await keepLinks(page);
    await prepare?.(page);
    await page.goto(this.#url("plain", { theme: "auto", language, ...view.config, ...config }));
    const { frame: widget } = await new Widget(page).open();
    await view.steps?.(widget, this.#wallet);
    await widget.locator(view.shows).first().waitFor();
    const frame = page.frames().find((each) => each.parentFrame() !== null);
    if (!frame) throw new Error(`${view.name}: there is no frame`);
    return {
      page,
      widget,
      frame,
      turn: (scheme) => turn(page, frame, scheme),
      [Symbol.asyncDispose]: () => tab.close(),
    };
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

/** A frame of another origin is told later than the page. */
async function turn(page: Page, frame: Frame, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await frame.waitForFunction(
    (wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches,
    colorScheme,
  );
  // Who listens to the setting hears of it with the next picture, and what they change is seen with the one after.
  await frame.evaluate(
    () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))),
  );
}

/** Keep the link of each pairing where a view's steps can find it. */
function keepLinks(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const Plain = globalThis.Worker;
    globalThis.Worker = class extends Plain {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener("message", ({ data }: MessageEvent<{ readonly uri?: string }>) => {
          if (data.uri) document.documentElement.dataset["link"] = data.uri;
        });
      }
    };
  });
}

export const test = base
  .override("demo", { scope: "file" }, async ({ relay }, { onCleanup }) => {
    const demo = await Demo.start({ KRYPTOS_WALLETCONNECT_RELAY_URL: relay.url });
    onCleanup(() => demo.stop());
    return demo;
  })
  .extend<{ readonly stage: Stage }>({
    stage: [
      async ({ browser, demo, host, relay }, use) => {
        const wallet = await WalletApp.start(relay.url);
        wallet.families = ["eip155", "solana"];
        await use(new Stage(browser, wallet, (shape, config) => host.url(shape, config), await record(demo)));
        await wallet.stop();
      },
      { scope: "file" },
    ],
  });
