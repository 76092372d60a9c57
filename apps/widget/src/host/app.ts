/** The widget in a native app: it fills a WebView, whose app speaks to it by events and listens over a bridge. */

import { APP_EVENT, type FrameReady, type WidgetMessage } from "@kryptos_connect/connect-core";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import type { Host, Language, Theme } from "../contracts.js";
import { converse, isHello } from "./conversation.js";

/** What is used of a `window`. */
export interface AppWindow {
  /** What `react-native-webview` puts there, and whoever does as it does. */
  readonly ReactNativeWebView?: { postMessage(message: string): void };
  addEventListener(type: typeof APP_EVENT, listener: (event: { readonly detail?: unknown }) => void): void;
}

/**
 * Say to the app that the page listens; then wait for its `hello`.
 *
 * Nobody else can speak here: no page may frame this one, and no script runs in it but ours and the app's.
 */
export function openApp(
  page: AppWindow,
  otherwise: { readonly theme: Theme; readonly language: Language },
): Host {
  const bridge = page.ReactNativeWebView;
  if (!bridge) throw new ApiError({ code: "NOT_OPENED_BY_AN_APP" });
  const { host, begin, receive } = converse("app", otherwise);
  const say = (message: FrameReady | WidgetMessage) => bridge.postMessage(JSON.stringify(message));

  let isGreeted = false;
  page.addEventListener(APP_EVENT, ({ detail }) => {
    if (isGreeted) receive(detail);
    else if (isHello(detail)) {
      isGreeted = true;
      begin(say);
    }
  });
  say({ kryptos: 1, type: "ready" });

  return {
    ...host,
    // A WebView has no wallets: nobody need be asked.
    ask: (method, params) =>
      method === "wallets.list" ? Promise.resolve([] as never) : host.ask(method, params),
  };
}
