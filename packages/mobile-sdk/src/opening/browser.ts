/** The system's browser instead of the WebView: opens the hosted page, and asks the server how it ended. */

import { KryptosConnectError, type LinkToken, readBaseUrl } from "@kryptos_connect/connect-core";
import { AppState, Linking } from "react-native";
import { askOutcome, type Finding } from "./outcome.js";

export interface VisitOptions {
  readonly token: LinkToken;
  readonly baseUrl: string;
  readonly returnUrl: string | undefined;
  readonly openBrowser: ((url: string, returnUrl?: string) => unknown) | undefined;
  /** The end, as the widget itself would say it. */
  end(message: Readonly<Record<string, unknown>>): void;
  fail(cause: unknown): void;
  /** Whether the server was not reached when it was last asked. */
  interrupted(isInterrupted: boolean): void;
}

export interface BrowserVisit {
  openAgain(): void;
  /** Ask no more. */
  end(): void;
}

const EVERY_SECONDS = 2;
const LONGEST_PAUSE_SECONDS = 30;

export function visitBrowser(options: VisitOptions): BrowserVisit {
  const { token, baseUrl, returnUrl, openBrowser, end, fail, interrupted } = options;
  const hostedUrl = readHostedUrl(token.hostedUrl);
  let hasEnded = false;
  let asking: AbortController | null = null;
  let isAwake = AppState.currentState !== "background";
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const plan = (): void => {
    clearTimeout(timer);
    if (hasEnded || !isAwake) return;
    timer = setTimeout(ask, 1000 * Math.min(EVERY_SECONDS * 2 ** failures, LONGEST_PAUSE_SECONDS));
  };

  const ask = async (): Promise<void> => {
    if (asking || hasEnded) return;
    clearTimeout(timer);
    asking = new AbortController();
    const finding = await askOutcome(baseUrl, token.linkToken, asking);
    asking = null;
    if (hasEnded || (finding === "unreachable" && !isAwake)) return;
    failures = finding === "unreachable" ? failures + 1 : 0;
    interrupted(failures > 0);
    if (isEnd(finding)) end(finding);
    else plan();
  };

  const askNow = (): void => void ask();

  const open = (isFirst: boolean): void => {
    Promise.resolve()
      .then(() => (openBrowser ? openBrowser(hostedUrl, returnUrl) : Linking.openURL(hostedUrl)))
      .then(askNow, (cause) => {
        // A browser that is open already refuses to open once more; that is no failure.
        if (isFirst) fail(cause);
      });
  };

  const stopListening = [
    listen(AppState, "change", (now) => {
      isAwake = now !== "background";
      if (now === "active") askNow();
      else plan();
      // The system would keep a call from going on, and it would be in the way of the next.
      if (!isAwake) asking?.abort();
    }),
    listen(Linking, "url", (event) => {
      const { url } = (event ?? {}) as { readonly url?: unknown };
      if (!returnUrl || String(url).slice(0, returnUrl.length) === returnUrl) askNow();
    }),
  ];

  open(true);
  plan();

  return {
    openAgain: () => open(false),
    end() {
      hasEnded = true;
      asking?.abort();
      clearTimeout(timer);
      for (const stop of stopListening) stop();
    },
  };
}

function isEnd(finding: Finding): finding is Exclude<Finding, string> {
  return typeof finding !== "string";
}

/** The hosted page is on a server like any other: what `baseUrl` may be, it may be. */
function readHostedUrl(given = ""): string {
  try {
    readBaseUrl(given.replace(/[?#].*$/, ""));
    return given;
  } catch (cause) {
    throw new KryptosConnectError(
      "LINK_TOKEN_FAILED",
      'openIn is "browser", and generateLinkToken returned no hosted_url. Return { link_token, hosted_url }.',
      { cause },
    );
  }
}

/** Listen to something of React Native's, which before 0.65 is stopped in another way. */
function listen(source: object, name: string, listener: (given: unknown) => void): () => void {
  const { addEventListener, removeEventListener } = source as {
    readonly [method in "addEventListener" | "removeEventListener"]?: (
      ...given: readonly unknown[]
    ) => unknown;
  };
  const subscription = addEventListener?.call(source, name, listener) as { remove?(): void } | undefined;
  return () => {
    if (subscription?.remove) subscription.remove();
    else removeEventListener?.call(source, name, listener);
  };
}
