/** From an opened page to a session that screens can be drawn from. */

import { applyTheme } from "@kryptos_connect/ui/theme/apply.js";
import { type ApiClient, createApi } from "../api/client.js";
import type { Config, Connect, Host, Providers, Screen, Session } from "../contracts.js";
import type { PageHost } from "../host/page.js";
import { forget, recall, remember } from "../host/storage.js";
import { createTexts, type Texts } from "../i18n/texts.js";

export interface Opened {
  readonly host: Host;
  readonly config: Config;
  readonly texts: Texts;
  readonly api: ApiClient;
  readonly session: Session;
  /** Whether this widget, and no other holder of the link token, signed the person in. */
  readonly isBound: boolean;
  readonly providers: Connect["providers"];
  /** The screen to begin with. */
  readonly first: Screen;
  /** Called when the session goes on under another token. */
  onSession: (session: Session) => void;
}

export interface Prepared {
  readonly config: Config;
  readonly texts: Texts;
}

/** Dress the page as the host wants it, and fetch the texts. */
export async function prepare(host: Host): Promise<Prepared> {
  const config = await host.config();
  applyTheme(config);
  document.documentElement.lang = config.language;
  const texts = createTexts(config.language);
  await texts.load("shell");
  return { config, texts };
}

/** Return the API with the host's link token; `isRetry` when an earlier try has failed. */
export async function connectApi(
  host: Host,
  language: string,
  isRetry: boolean,
  onSession: (session: Session) => void,
): Promise<ApiClient> {
  const linkToken = await host.linkToken().catch((failure: unknown) => {
    if (isRetry) return host.renewToken("expired");
    throw failure;
  });
  const { search, origin } = location;
  return createApi({
    linkToken,
    language,
    origin: host.kind === "frame" ? (new URLSearchParams(search).get("origin") ?? origin) : origin,
    renewToken: (reason) => host.renewToken(reason),
    adopts: host.kind !== "page",
    onAdopted: onSession,
  });
}

/** Read the session, with the key under which this tab signed in before it was reloaded. */
export async function readSession(host: Host, api: ApiClient): Promise<Pick<Opened, "session" | "isBound">> {
  let session = await api.session();
  const key = recall(keyName(session));
  let isBound = false;
  if (key !== null && !session.is_resumed) {
    api.useWidgetKey(key);
    session = await api.session();
    isBound = session.user !== null;
    if (!isBound) {
      api.useWidgetKey(null);
      forget(keyName(session));
    }
  }
  if (host.kind === "page") (host as PageHost).leadTo(session.redirect_uri);
  return { session, isBound };
}

/** One call for everybody; a failure is forgotten, so that the next asks again. */
export function remembered(fetch: () => Promise<Providers>): () => Promise<Providers> {
  let asked: Promise<Providers> | null = null;
  return () => {
    asked ??= fetch().catch((failure: unknown) => {
      asked = null;
      throw failure;
    });
    return asked;
  };
}

export const rememberKey = (session: Session, key: string): void => remember(keyName(session), key);

/** The session goes on under another id, and its key with it. */
export function moveKey(from: Session, to: Session): void {
  const key = recall(keyName(from));
  if (key === null) return;
  forget(keyName(from));
  remember(keyName(to), key);
}

export const forgetKey = (session: Session): void => forget(keyName(session));

const keyName = (session: Session) => `key:${session.session_id}`;
