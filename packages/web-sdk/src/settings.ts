/**
 * What an app says of itself: by `KryptosConnect.init` (here) or by the provider. No React, so that `init` may stand in
 * a layout that is rendered on the server.
 */

import type { AuthMethod, Language, Theme } from "@kryptos_connect/connect-core";
import type { ReactNode } from "react";

export interface KryptosConnectConfig {
  /** Your app's name. The widget shows the registered one as soon as it knows it. */
  readonly appName: string;
  /** Address of a picture (`https:` or `data:`), or a node with an `<img>` or `<svg>` in it. */
  readonly appLogo?: ReactNode;
  readonly clientId: string;
  /** Default `"light"`. */
  readonly theme?: Theme | undefined;
  /** Your WalletConnect project; with it the widget also offers wallet apps on a phone. */
  readonly walletConnectProjectId?: string | undefined;
  /** The Connect server; default `https://connect-api.kryptos.io`. */
  readonly baseUrl?: string | undefined;
  /** Default: the browser's, where the widget speaks it. */
  readonly language?: Language | undefined;
  /** Default: all that the client allows. */
  readonly authMethods?: readonly AuthMethod[] | undefined;
  /** `--kc-…` variables, for both themes; they win over those of your stylesheets. */
  readonly cssVars?: Readonly<Record<string, string>> | undefined;
}

/** One per page, whichever copy of this module is asked: a server builds several (for layouts, for components). */
const KEY = Symbol.for("@kryptos_connect/web-sdk");
const page = globalThis as { [KEY]?: Partial<KryptosConnectConfig> };

export const KryptosConnect = {
  /** Say once for the whole page who you are; may be called on every render, the last call counts. */
  init(config: KryptosConnectConfig): void {
    page[KEY] = config;
  },
};

/** What `init` was given here. */
export function initialSettings(): Partial<KryptosConnectConfig> | undefined {
  return page[KEY];
}

/** On the server: what `init` was given there, for a button to write into the page. All of it is public. */
export function writtenSettings(): string | undefined {
  if (typeof document === "object") return undefined;
  return JSON.stringify(page[KEY], (name, value) =>
    name === "appLogo" && typeof value === "object" ? undefined : value,
  );
}

/** In the browser: take over what the server wrote, unless `init` was called here too. */
export function adoptSettings(written: string | null): void {
  if (written && !page[KEY]) page[KEY] = JSON.parse(written) as Partial<KryptosConnectConfig>;
}
