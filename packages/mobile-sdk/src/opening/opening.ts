/** One opening of the widget: the session's state machine, what the person sees of it, and how both are moved. */

import {
  type ConnectEvent,
  createSession,
  type HostHello,
  type HostMessage,
  KryptosConnectError,
  type Language,
  type LinkToken,
  messageOf,
  type Outcome,
  PROTOCOL_VERSION,
  type Prefill,
  readBaseUrl,
} from "@kryptos_connect/connect-core";
import { Platform } from "react-native";
import { sendableLogo } from "../logo.js";
import { type Look, lookOf } from "../look.js";
import type { KryptosConnectConfig } from "../settings.js";
import { phoneLanguage } from "../texts.js";
import { type BrowserVisit, visitBrowser } from "./browser.js";
import type { Message } from "./messages.js";
import { addressOf, closeHost, answer as hostAnswer } from "./place.js";

export interface OpeningOptions {
  /** Whoever opens: a second opening by the same owner is a double tap. */
  readonly owner: object;
  /** Whether a provider gave the settings; it has other default colours than `init`. */
  readonly isFirstGeneration: boolean;
  /** Whether somebody draws the sheet. */
  readonly isShown: boolean;
  readonly settings: Partial<KryptosConnectConfig>;
  readonly integrationName: string | undefined;
  readonly prefill: Prefill | undefined;
  generateLinkToken(): unknown;
  onEvent(event: ConnectEvent): void;
  /** The opening to be drawn, or null: none any more. */
  onToggle(opening: Opening | null): void;
  onOutcome(outcome: Outcome): void;
}

/** What the person sees: the page is `blocked` where it says why it does not run, and has no way out of its own. */
export type Screen = "loading" | "shown" | "blocked" | "browser" | Loss;

/** Why there is no page: no network, no answer, or the system ended it. */
export type Loss = "offline" | "unreachable" | "stopped";

export interface OpeningState {
  readonly screen: Screen;
  /** Where the widget is; null until that is known. */
  readonly address: string | null;
  /** Another page for each attempt. */
  readonly attempt: number;
  /** In the browser's case: whether the server was reached when it was last asked. */
  readonly isInterrupted: boolean;
}

/** How messages get into the page; given by whoever draws it. */
export interface PageLink {
  hello(hello: HostHello): void;
  send(message: HostMessage): void;
}

export interface Opening {
  readonly owner: object;
  readonly settings: Partial<KryptosConnectConfig>;
  readonly look: Look;
  readonly language: Language | undefined;
  state(): OpeningState;
  /** Be told of every change; returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** The page is there, or another one is. */
  link(link: PageLink): void;
  /** What the page said; its source is checked. */
  receive(message: Message): void;
  /** The page could not be loaded, or is gone. */
  lost(screen: Loss): void;
  /** The person wants to try again. */
  retry(): void;
  openBrowserAgain(): void;
  /** The person wants one step back. */
  back(): void;
  close(): void;
  unmount(): void;
}

const SDK = "mobile-sdk/0.1.0";
/** A page that has not said anything after this time is not reached: the person may try again. */
const PATIENCE_SECONDS = 20;

/** The one that is open: an app has one sheet at a time. */
let current: Opening | null = null;

/** Open the widget; return the opening, or null where it could not begin (the outcome is told then). */
export function openWidget(options: OpeningOptions): Opening | null {
  const refuse = (code: string, message: string): null => {
    options.onOutcome(new KryptosConnectError(code, message));
    return null;
  };
  if (current?.owner === options.owner) return current;
  if (current) return refuse("ALREADY_OPEN", "The widget is open already. Wait for its callback.");
  if (!options.isShown) {
    return refuse(
      "WIDGET_FAILED",
      "useKryptosConnect needs <KryptosConnectProvider> around it, to draw the widget.",
    );
  }
  return begin(options);
}

function begin(options: OpeningOptions): Opening {
  const { settings } = options;
  const { clientId, theme = "light", language = phoneLanguage() } = settings;
  const inBrowser = settings.openIn === "browser" && Platform.OS !== "web";
  const look = lookOf(settings, options.isFirstGeneration);
  let listeners: ReadonlyArray<() => void> = [];
  let state: OpeningState = { screen: "loading", address: null, attempt: 0, isInterrupted: false };
  let link: PageLink | null = null;
  let isPageUp = false;
  let stopPatience = (): void => {};
  /** Set while the link token could not be made for want of a network: the failure, and how to try again. */
  let tokenFailure: { readonly cause: unknown; readonly retry: () => void } | null = null;
  let visit: BrowserVisit | null = null;

  const change = (next: Partial<OpeningState>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };

  const awaitPage = (): void => {
    stopPatience();
    const timer = setTimeout(() => lost("unreachable"), PATIENCE_SECONDS * 1000);
    stopPatience = () => clearTimeout(timer);
  };

  const lost = (screen: Loss): void => {
    if (session.phase === "ended") return;
    isPageUp = false;
    stopPatience();
    change({ screen });
  };

  /** Whoever is offline tries again here, before any page is there to offer it; every other failure is the session's. */
  const generateLinkToken = async (): Promise<unknown> => {
    for (;;) {
      try {
        return await options.generateLinkToken();
      } catch (cause) {
        const isBefore = session.phase === "opening" || session.phase === "waiting";
        if (!isBefore || !isNetworkFailure(cause)) throw cause;
        await new Promise<void>((retry) => {
          tokenFailure = { cause, retry };
          change({ screen: state.screen === "offline" ? "offline" : "unreachable" });
        });
      }
    }
  };

  const retryToken = (): void => {
    const failure = tokenFailure;
    tokenFailure = null;
    failure?.retry();
  };

  const put = (token?: LinkToken): void => {
    if (inBrowser && token) {
      change({ screen: "browser" });
      visit = visitBrowser({
        token,
        baseUrl: readBaseUrl(settings.baseUrl || token.baseUrl),
        returnUrl: settings.returnUrl,
        openBrowser: settings.openBrowser,
        end: session.portMessage,
        fail: session.fail,
        interrupted: (isInterrupted) => change({ isInterrupted }),
      });
      return;
    }
    if (!clientId) {
      throw new KryptosConnectError(
        "CLIENT_UNKNOWN",
        "No clientId is given. Give it to KryptosConnectProvider or KryptosConnect.init.",
      );
    }
    const address = addressOf({
      baseUrl: readBaseUrl(settings.baseUrl || undefined),
      clientId,
      theme,
      language,
    });
    awaitPage();
    change({ address });
  };

  const session = createSession({
    generateLinkToken,
    frame: (token) => {
      try {
        put(token);
      } catch (cause) {
        session.fail(cause);
      }
    },
    ready: async () => {
      retryToken();
      change({ screen: "shown" });
      link?.hello({ kryptos: 1, type: "hello", v: PROTOCOL_VERSION, sdk: SDK });
      link?.send({
        type: "config",
        appName: settings.appName ?? "",
        appLogo: sendableLogo(settings.appLogo),
        theme,
        language,
        authMethods: settings.authMethods,
        cssVars: look.light,
        cssVarsDark: look.dark,
        integrationName: options.integrationName,
        prefill: options.prefill,
        walletConnectProjectId: settings.walletConnectProjectId,
      });
    },
    blocked: () => {},
    send: (message) => link?.send(message),
    ask: hostAnswer,
    event: options.onEvent,
    remove: () => {
      current = null;
      stopPatience();
      visit?.end();
      closeHost();
      options.onToggle(null);
    },
    settle: options.onOutcome,
    // A person who tries again is not to be cut short: this opening waits by itself, see `awaitPage`.
    after: () => () => {},
  });

  const close = (): void => {
    if (tokenFailure) {
      const { cause } = tokenFailure;
      const message = `generateLinkToken failed. Check the network and your backend: ${messageOf(cause)}`;
      session.fail(new KryptosConnectError("LINK_TOKEN_FAILED", message, { cause }));
    } else if (isLoss(state.screen)) {
      const message = "The Connect server did not answer. Check baseUrl and the network.";
      session.fail(new KryptosConnectError("WIDGET_UNREACHABLE", message));
    } else session.close();
  };

  const opening: Opening = {
    owner: options.owner,
    settings,
    look,
    language,
    state: () => state,
    subscribe(listener) {
      listeners = listeners.concat(listener);
      return () => {
        listeners = listeners.filter((each) => each !== listener);
      };
    },
    link(given) {
      link = given;
    },
    receive(message) {
      if (message["kryptos"] !== 1) return session.portMessage(message);
      stopPatience();
      isPageUp = true;
      // A page that was reloaded may refuse to run by then; the session is told of that at its beginning only.
      if (message.type === "blocked") change({ screen: "blocked" });
      session.frameMessage(message);
    },
    lost,
    retry() {
      const wasUp = isPageUp;
      if (wasUp || inBrowser) change({ screen: wasUp ? "shown" : "loading" });
      else {
        awaitPage();
        change({ screen: "loading", attempt: state.attempt + 1 });
      }
      retryToken();
    },
    openBrowserAgain: () => visit?.openAgain(),
    back() {
      if (state.screen === "shown") session.back();
      else close();
    },
    close,
    unmount: session.unmount,
  };
  current = opening;
  options.onToggle(opening);
  session.open(!inBrowser);
  return opening;
}

export function isLoss(screen: Screen): screen is Loss {
  return screen === "offline" || screen === "unreachable" || screen === "stopped";
}

/** Whether something failed because the phone could not reach it, in the words of the usual ways to fetch. */
function isNetworkFailure(cause: unknown): boolean {
  return /network|internet|offline|failed to fetch|fetch failed|load failed|unable to resolve host|timed? ?out/i.test(
    messageOf(cause),
  );
}
