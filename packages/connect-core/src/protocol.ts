/**
 * The messages between a host app and the widget, and the address at which the widget is framed or opened.
 *
 * Version 1. Messages only ever gain variants and optional fields: either side ignores what it does not know, so that
 * a new widget meets an old SDK. `api/widget-protocol.json` is the same as JSON Schema.
 *
 * 1. The host frames `frameUrl(…)`. 2. The frame, once it listens, posts `FrameReady` (or `FrameBlocked`) to the
 * origin named in its address. 3. The host checks source and origin and answers with `HostHello`, which carries one
 * end of a `MessageChannel`, to the widget's exact origin. 4. The widget checks source and origin. Everything else
 * travels over the port; the link token never stands in an address.
 *
 * A native app opens `appUrl(…)` in a WebView instead of a frame. There is no port there: the page sends every message
 * as JSON by `window.ReactNativeWebView.postMessage`, the app as a `CustomEvent` named `APP_EVENT` on the window, with
 * the message as its `detail`. The steps are the same, and before `hello` the page listens to nothing else.
 */

/** The version of these messages, in the frame's address and in `hello`. */
export const PROTOCOL_VERSION = 1;

/** The event by which a native app sends a message into its WebView. */
export const APP_EVENT = "kryptos-connect";

export type Theme = "light" | "dark" | "auto";
export type Language = "en" | "fr" | "de" | "pt" | "sv" | "es" | "pl" | "it";
export type AuthMethod = "email" | "anonymous";

/** What a form starts out with; the person can change all of it. */
export interface Prefill {
  readonly address?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly password?: string | undefined;
  readonly accountName?: string | undefined;
}

/** Frame → host, by `postMessage`: the frame listens. An app's page says the same. */
export interface FrameReady {
  readonly kryptos: 1;
  readonly type: "ready";
}

/** Frame → host, by `postMessage`: the page is there, but refuses to run in this host. */
export interface FrameBlocked {
  readonly kryptos: 1;
  readonly type: "blocked";
  /** `EMBED_BLOCKED`: the origin is not registered. `CLIENT_UNKNOWN`: no such client or link token. */
  readonly code: string;
  readonly message: string;
}

/** Host → frame, by `postMessage`, with one end of a `MessageChannel`. App → its page: the same, without a port. */
export interface HostHello {
  readonly kryptos: 1;
  readonly type: "hello";
  readonly v: number;
  /** Such as `web-sdk/0.1.0`. */
  readonly sdk: string;
}

/** A wallet that the host page found. `icon` is a data URL. */
export interface HostWallet {
  readonly id: string;
  readonly name: string;
  readonly icon?: string | undefined;
  readonly family: "evm" | "solana";
  /** Whether it can prove that an address is its person's. */
  readonly canProve: boolean;
}

/** What a wallet is asked to sign: a sign-in text of the host's own domain, in EIP-4361's or SIWS's form. */
export interface WalletProof {
  readonly message: string;
  /** Hexadecimal with `0x` (EVM) or base64 (Solana). */
  readonly signature: string;
}

/** What the widget may ask of the host; each method with its parameters and result. */
export interface HostMethods {
  readonly "wallets.list": { readonly params: Record<string, never>; readonly result: readonly HostWallet[] };
  readonly "wallet.accounts": {
    readonly params: { readonly wallet: string };
    readonly result: { readonly addresses: readonly string[]; readonly chainId?: number | undefined };
  };
  readonly "wallet.prove": {
    readonly params: { readonly wallet: string; readonly address: string; readonly message: string };
    readonly result: WalletProof;
  };
  /** Open an address outside of a native app's WebView: another app, or the browser. Asked of native apps alone. */
  readonly "link.open": {
    readonly params: { readonly url: string };
    readonly result: { readonly opened: boolean };
  };
}

export type HostMethod = keyof HostMethods;

/** Host → widget, over the port. */
export type HostMessage =
  | {
      readonly type: "config";
      readonly appName: string;
      /** An `https:` address, or a data URL of an image. */
      readonly appLogo?: string | undefined;
      readonly theme: Theme;
      readonly language?: Language | undefined;
      readonly authMethods?: readonly AuthMethod[] | undefined;
      /** `--kc-…` → value; those of the dark theme under `dark`. */
      readonly cssVars?: Readonly<Record<string, string>> | undefined;
      readonly cssVarsDark?: Readonly<Record<string, string>> | undefined;
      readonly integrationName?: string | undefined;
      readonly prefill?: Prefill | undefined;
      readonly walletConnectProjectId?: string | undefined;
    }
  | { readonly type: "token"; readonly linkToken: string; readonly isAuthorized?: boolean | undefined }
  | { readonly type: "token-failed"; readonly message: string }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "failure"; readonly id: number; readonly code: string; readonly message: string }
  /** The host wants to go back one step (Android's back key). */
  | { readonly type: "back" };

/** Widget → host, over the port. */
export type WidgetMessage =
  /** The first usable screen is there. */
  | { readonly type: "usable" }
  /** A fresh link token is needed: the last one ran out or is used up. Answered by `token` or `token-failed`. */
  | { readonly type: "need-token"; readonly reason: "expired" | "used" }
  | {
      readonly type: "event";
      readonly name: string;
      /** ISO 8601. */
      readonly at: string;
      readonly sessionId: string | null;
      readonly requestId: string | null;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "request"; readonly id: number; readonly method: HostMethod; readonly params: unknown }
  /** The end, in success; `publicToken` is null for a returning person. The host takes the widget away. */
  | { readonly type: "success"; readonly publicToken: string | null }
  /** The end, without success: `USER_EXIT`, or the code of what went wrong. The host takes the widget away. */
  | {
      readonly type: "exit";
      readonly code: string;
      readonly message: string;
      readonly requestId?: string | undefined;
    };

/** Where a native app opens the widget. */
export interface AppAddress {
  readonly baseUrl: string;
  readonly clientId?: string | undefined;
  /** Hexadecimal SHA-256 of the link token, where the client's id is not known. */
  readonly linkTokenDigest?: string | undefined;
  readonly theme?: Theme | undefined;
  readonly language?: Language | undefined;
}

/** Where the widget is framed. */
export interface FrameAddress extends AppAddress {
  /** The framing page's `location.origin`. */
  readonly origin: string;
}

/** Return the address of the frame: `BASE/connect?v=1&origin=…&client_id=…` or `…&s=…`. */
export function frameUrl(address: FrameAddress): string {
  const { baseUrl, origin, clientId, linkTokenDigest, theme, language: lang } = address;
  let url = `${baseUrl.replace(/\/+$/, "")}/connect?v=${PROTOCOL_VERSION}`;
  // By hand: React Native's `URLSearchParams` cannot set anything.
  for (const [name, value] of Object.entries({
    origin,
    client_id: clientId,
    s: clientId ? "" : linkTokenDigest,
    theme,
    lang,
  }))
    if (value) url += `&${name}=${encodeURIComponent(value)}`;
  return url;
}

/** Return the address of a native app's page: `BASE/connect/app?v=1&client_id=…` or `…&s=…`. */
export function appUrl(address: AppAddress): string {
  return frameUrl({ ...address, origin: "" }).replace("/connect?", "/connect/app?");
}
