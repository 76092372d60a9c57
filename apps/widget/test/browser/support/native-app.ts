/** A native app around the widget, as far as a browser can be one: the bridge of a WebView, and the session behind it. */

import {
  appUrl,
  createSession,
  type HostMessage,
  KryptosConnectError,
  type Outcome,
  PROTOCOL_VERSION,
  type Session,
  type WidgetMessage,
} from "@kryptos_connect/connect-core";
import type { Page } from "playwright-core";

import type { Demo } from "./demo.js";

/** What an app says in its config besides, and what it does when the widget asks for something. */
interface Wishes {
  readonly config?: object;
  readonly ask?: (method: string, params: unknown) => Promise<unknown>;
}

export class NativeApp {
  readonly page: Page;
  /** What the page has said, `ready` and `blocked` included, in order. */
  readonly said: (WidgetMessage | { readonly type: "ready" | "blocked" })[] = [];
  readonly outcomes: Outcome[] = [];
  readonly session: Session;
  /** How many link tokens were made. */
  linkTokens = 0;

  private constructor(page: Page, demo: Demo, clientId: string, { config, ask }: Wishes) {
    this.page = page;
    this.session = createSession({
      generateLinkToken: async () => {
        this.linkTokens += 1;
        return demo.call("/link-token", {});
      },
      frame: () => void page.goto(appUrl({ baseUrl: demo.baseUrl, clientId, theme: "dark", language: "en" })),
      ready: async () => {
        await this.tell({ kryptos: 1, type: "hello", v: PROTOCOL_VERSION, sdk: "mobile-sdk/0.1.0" });
        const ours = { type: "config", appName: "My Mobile App", theme: "dark" } satisfies HostMessage;
        await this.tell({ ...ours, ...config });
      },
      blocked: () => undefined,
      send: (message) => void this.tell(message),
      ask: async (method, params) => {
        if (ask) return ask(method, params);
        throw new KryptosConnectError("METHOD_UNKNOWN", method);
      },
      event: () => undefined,
      remove: () => undefined,
      settle: (outcome) => void this.outcomes.push(outcome),
      after: (seconds, callback) => {
        const timer = setTimeout(callback, seconds * 1000);
        return () => clearTimeout(timer);
      },
    });
  }

  /** Open the widget in this page, as the app of this client. */
  static async open(
    page: Page,
    demo: Demo,
    clientId = demo.facts.client_id,
    wishes: Wishes = {},
  ): Promise<NativeApp> {
    const app = new NativeApp(page, demo, clientId, wishes);
    await page.exposeFunction("__toApp", (text: string) => app.#hear(JSON.parse(text)));
    await page.addInitScript(() => {
      const bridge = { postMessage: (text: string) => Reflect.get(window, "__toApp")(text) };
      Object.assign(window, { ReactNativeWebView: bridge });
    });
    app.session.open(true);
    return app;
  }

  /** Send a message into the page, as an app injects it; nothing else of the page is touched. */
  async tell(message: unknown): Promise<void> {
    await this.page.evaluate(
      (detail) => void window.dispatchEvent(new CustomEvent("kryptos-connect", { detail })),
      message,
    );
  }

  #hear(message: NativeApp["said"][number]): void {
    this.said.push(message);
    this.session.frameMessage(message);
    this.session.portMessage(message);
  }
}
