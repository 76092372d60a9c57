/** One opening of the widget in a page: the session's state machine, the dialog, the port and the wallets, put together. */

import {
  type ConnectEvent,
  createSession,
  frameUrl,
  type HostHello,
  type HostMessage,
  KryptosConnectError,
  type LinkToken,
  type Outcome,
  PROTOCOL_VERSION,
  type Prefill,
  readBaseUrl,
  type Wallets,
} from "@kryptos_connect/connect-core";
import type { ReactNode } from "react";
import { openDialog } from "./dialog.js";
import { lookOf } from "./look.js";
import type { KryptosConnectConfig } from "./settings.js";

export interface OpeningOptions {
  /** Whoever opens: a second opening by the same owner is a double click. */
  readonly owner: object;
  /** Whether a provider gave the settings; it has other default colours than `init`. */
  readonly isFirstGeneration: boolean;
  readonly settings: Partial<KryptosConnectConfig>;
  /** The button that was pressed: focus returns to it, and a logo that is a node stands in it. */
  readonly opener: HTMLElement | null;
  readonly integrationName: string | undefined;
  readonly prefill: Prefill | undefined;
  generateLinkToken(): unknown;
  onEvent(event: ConnectEvent): void;
  onToggle(isOpen: boolean): void;
  onOutcome(outcome: Outcome): void;
}

export interface Opening {
  readonly owner: object;
  focus(): void;
  unmount(): void;
}

const SDK = "web-sdk/0.1.0";

/** The one that is open: a page has one dialog at a time. */
let current: Opening | null = null;

/** Open the widget; return the opening, or null where it could not begin (the outcome is told then). */
export function openWidget(options: OpeningOptions): Opening | null {
  if (current) {
    current.focus();
    if (current.owner === options.owner) return current;
    options.onOutcome(
      new KryptosConnectError("ALREADY_OPEN", "The widget is open already. Wait for its callback."),
    );
    return null;
  }
  return begin(options);
}

function begin(options: OpeningOptions): Opening {
  const { settings } = options;
  const { clientId, theme = "light", language } = settings;
  const look = lookOf(settings, options.isFirstGeneration);
  const dialog = openDialog({
    look,
    language,
    opener: options.opener,
    onBack: () => session.back(),
    onClose: () => session.close(),
  });
  const logo = sendableLogo(settings.appLogo, options.opener);
  let origin: string;
  let port: MessagePort | undefined;
  let wallets: Promise<Wallets> | undefined;

  const onMessage = ({ source, origin: from, data }: MessageEvent): void => {
    if (source && source === dialog.frame.contentWindow && from === origin) session.frameMessage(data);
  };

  const put = async (token?: LinkToken): Promise<void> => {
    const baseUrl = readBaseUrl(settings.baseUrl || token?.baseUrl);
    const linkTokenDigest = token && (await digest(token.linkToken));
    ({ origin } = new URL(baseUrl));
    dialog.frame.src = frameUrl({
      baseUrl,
      origin: location.origin,
      clientId,
      linkTokenDigest,
      theme,
      language,
    });
  };

  const send = (message: HostMessage): void => port?.postMessage(message);

  const session = createSession({
    generateLinkToken: options.generateLinkToken,
    frame: (token) => {
      put(token).catch(session.fail);
    },
    ready: async () => {
      dialog.reveal();
      dialog.close.remove();
      const channel = new MessageChannel();
      port?.close();
      port = channel.port1;
      port.onmessage = ({ data }) => session.portMessage(data);
      const hello: HostHello = { kryptos: 1, type: "hello", v: PROTOCOL_VERSION, sdk: SDK };
      dialog.frame.contentWindow?.postMessage(hello, origin, [channel.port2]);
      const appLogo = await logo;
      send({
        type: "config",
        appName: settings.appName ?? "",
        appLogo,
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
    blocked: dialog.reveal,
    send,
    ask: async (method, params) => {
      wallets ??= import("./wallets.js").then(({ openWallets }) => openWallets(window));
      return (await wallets).answer(method, params);
    },
    event: options.onEvent,
    remove: () => {
      current = null;
      removeEventListener("message", onMessage);
      port?.close();
      void wallets?.then((opened) => opened.close());
      dialog.remove();
      options.onToggle(false);
    },
    settle: options.onOutcome,
    after: (seconds, callback) => {
      const timer = setTimeout(callback, seconds * 1000);
      return () => clearTimeout(timer);
    },
  });

  current = { owner: options.owner, focus: dialog.focus, unmount: session.unmount };
  addEventListener("message", onMessage);
  options.onToggle(true);
  session.open(Boolean(clientId));
  return current;
}

/** An address goes as it is; what has to be made of a node is made in a file that few apps ever load. */
function sendableLogo(
  logo: ReactNode,
  opener: HTMLElement | null,
): Promise<string | undefined> | string | undefined {
  if (!logo) return undefined;
  if (typeof logo === "string" && /^(https|data):/.test(logo)) return logo;
  return import("./logo.js").then(({ logoOf }) => logoOf(logo, opener)).catch(() => undefined);
}

/** The session's address where no client id is known: the server finds the client by the token's digest. */
async function digest(linkToken: string): Promise<string> {
  if (!crypto.subtle) {
    throw new KryptosConnectError(
      "CLIENT_UNKNOWN",
      "No clientId is given. Give it, or serve the page over https:.",
    );
  }
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(linkToken)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
