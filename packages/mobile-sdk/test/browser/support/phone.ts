/**
 * A phone with an app on it: the app is one page of Chromium, its WebView another, with the bridge that
 * react-native-webview puts into pages. What the app's side of that bridge does is the SDK's own code, as published.
 */

import type { Browser, BrowserContext, Page, Request, Route } from "playwright-core";
import { expect, vi } from "vitest";

import { settled } from "../../../../../apps/widget/test/browser/support/calls.js";
import type { Demo } from "../../../../../apps/widget/test/browser/support/demo.js";
import { AppWidget } from "./app-widget.js";

export interface Call {
  readonly callback: string;
  readonly given: unknown;
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** The bridge of react-native-webview, in the page. */
const BRIDGE = `if (window === top) window.ReactNativeWebView = { postMessage: (data) => void __post(String(data)) }`;

export class Phone {
  readonly calls: Call[] = [];
  /** What was given to other apps to open. */
  readonly opened: string[] = [];
  /** What app and page said to their consoles, for whoever looks for a fault. */
  readonly said: string[] = [];
  /** How often the app's backend was asked for a link token. */
  linkTokens = 0;
  /** What the app's backend sends along when it makes one. */
  wanted: object = {};
  readonly app: Page;
  readonly #demo: Demo;
  readonly #web: BrowserContext;
  #isUnasked = false;
  #view: { readonly number: number; readonly page: Page } | null = null;
  /** Messages and scripts arrive in the order in which they were sent. */
  #deliveries: Promise<unknown> = Promise.resolve();

  private constructor(demo: Demo, app: Page, web: BrowserContext) {
    this.#demo = demo;
    this.app = app;
    this.#web = web;
  }

  static async start(browser: Browser, demo: Demo): Promise<Phone> {
    const app = await (await browser.newContext(PHONE)).newPage();
    const web = await browser.newContext(PHONE);
    const phone = new Phone(demo, app, web);
    for (const context of [app.context(), web]) {
      context.setDefaultTimeout(15_000);
      context.on("console", (message) => void phone.said.push(message.text()));
      context.on("weberror", (error) => void phone.said.push(`uncaught: ${error.error().message}`));
    }
    await app.exposeFunction("__told", (call: Call) => void phone.calls.push(call));
    await app.exposeFunction("__openUrl", (url: string) => void phone.opened.push(url));
    await app.exposeFunction("__linkToken", () => phone.#linkToken());
    await app.exposeFunction("__inject", (script: string) => phone.#inject(script));
    await app.exposeFunction("__showView", (number: number, url: string) => phone.#showView(number, url));
    await app.exposeFunction("__removeView", (number: number) => phone.#removeView(number));
    await web.exposeBinding("__post", ({ frame }, data: string) => phone.#post(frame.url(), data));
    await web.addInitScript(BRIDGE);
    await web.route("**/*", (route) => phone.#route(route));
    return phone;
  }

  /** Start the app at the address of its fixture; `os` and `modal` are its words, `config` is added to the SDK's. */
  async startApp(
    address: string,
    { config = {}, ...words }: { config?: object } & Record<string, unknown> = {},
  ) {
    const { base_url: baseUrl, client_id: clientId } = this.#demo.facts;
    const all = { appName: "A phone's app", clientId, baseUrl, language: "en", ...config };
    const query = Object.entries({ ...words, config: JSON.stringify(all) });
    const parts = query.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
    await this.app.goto(`${address}/?${parts.join("&")}`);
  }

  /** Press the app's button; give the widget that opens. */
  async open(): Promise<AppWidget> {
    await this.app.getByRole("button", { name: "Connect" }).click();
    return this.widget();
  }

  /** The widget in the WebView that is there now. */
  async widget(): Promise<AppWidget> {
    return new AppWidget(await this.view());
  }

  view(): Promise<Page> {
    return vi.waitUntil(() => this.#view?.page, { timeout: 15_000 });
  }

  get hasView(): boolean {
    return this.#view !== null;
  }

  /** Something happens on the phone: Android's back key, a deep link, another app in front. */
  async happens(name: string, given?: unknown): Promise<void> {
    await this.app.evaluate(([what, how]) => window.phone.happens(String(what), how), [name, given] as const);
  }

  /** Android's back key, of which an open `Modal` is told. */
  pressBack(): Promise<void> {
    return this.happens("back");
  }

  /** What a message of a page somewhere else in the WebView would be. */
  async forge(url: string, message: object): Promise<void> {
    await this.#post(url, JSON.stringify(message));
  }

  /** Lead the WebView to an address without asking the app, as an error of the WebView's would. */
  async letInUnasked(url: string): Promise<void> {
    this.#isUnasked = true;
    await (await this.view()).goto(url);
    this.#isUnasked = false;
  }

  /** Wait until all that was sent has arrived. */
  async delivered(): Promise<void> {
    await this.#deliveries;
    await settled(this.app);
  }

  async offline(isOffline: boolean): Promise<void> {
    await this.#web.setOffline(isOffline);
  }

  /** Wait for the end of an opening; give its one callback, after time enough for a second one to arrive. */
  async onlyCall(): Promise<Call> {
    await vi.waitUntil(() => this.calls.length > 0, { timeout: 15_000 });
    await this.delivered();
    expect(this.calls).toHaveLength(1);
    return this.calls[0] as Call;
  }

  async stop(): Promise<void> {
    await this.app.context().close();
    await this.#web.close();
  }

  async #linkToken(): Promise<object> {
    this.linkTokens += 1;
    return {
      ...(await this.#demo.call("/link-token", this.wanted)),
      isAuthorized: "access_token" in this.wanted,
    };
  }

  async #showView(number: number, url: string): Promise<void> {
    const page = await this.#web.newPage();
    this.#view = { number, page };
    page.on("response", (response) => {
      if (response.status() < 400 || !response.request().isNavigationRequest()) return;
      void this.#deliver(() => this.#tell("onHttpError", { url, statusCode: response.status() }));
    });
    try {
      await page.goto(url);
    } catch (error) {
      if (!page.isClosed()) await this.#tell("onError", { url, code: -2, description: String(error) });
    }
  }

  async #removeView(number: number): Promise<void> {
    if (this.#view?.number !== number) return;
    const { page } = this.#view;
    this.#view = null;
    await page.close();
  }

  #post(url: string, data: string): Promise<void> {
    return this.#deliver(() => this.#tell("onMessage", { url, data }));
  }

  #inject(script: string): Promise<void> {
    const page = this.#view?.page;
    return this.#deliver(async () => void (await page?.evaluate(script)));
  }

  /** A page that is going away takes nothing any more, and says nothing. */
  #deliver(delivery: () => Promise<void>): Promise<void> {
    const done = this.#deliveries.then(delivery).catch(() => undefined);
    this.#deliveries = done;
    return done;
  }

  async #tell(name: Parameters<Window["webView"]["tell"]>[0], event: Readonly<Record<string, unknown>>) {
    await this.app.evaluate(([what, how]) => window.webView.tell(what, how), [name, event] as const);
  }

  /** Ask the app before a document is loaded, as the WebView does; a window of its own is the app's affair too. */
  async #route(route: Route): Promise<void> {
    const request = route.request();
    if (!request.isNavigationRequest() || this.#isUnasked) return route.continue();
    const url = request.url();
    const page = pageOf(request);
    if (page !== this.#view?.page) {
      await route.abort();
      await this.#tell("onOpenWindow", { targetUrl: url });
      await page?.close();
      return;
    }
    const isTopFrame = request.frame().parentFrame() === null;
    const mayLoad = await this.app.evaluate((asked) => window.webView.mayLoad(asked), { url, isTopFrame });
    if (!mayLoad) return route.abort("aborted");
    if (isTopFrame) await this.#tell("onLoadStart", { url });
    return route.continue();
  }
}

/** The page that is to show it; a window that opens just now has none yet. */
function pageOf(request: Request): Page | undefined {
  try {
    return request.frame().page();
  } catch {
    return undefined;
  }
}
