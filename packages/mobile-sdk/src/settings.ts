/** What an app says of itself: by `KryptosConnect.init` (here) or by the provider. */

import type { AuthMethod, Language, Theme } from "@kryptos_connect/connect-core";
import type { ReactNode } from "react";
import type { ImageSourcePropType } from "react-native";

export interface KryptosConnectConfig {
  /** Your app's name. The widget shows the registered one as soon as it knows it. */
  readonly appName: string;
  /** Address of a picture (`https:` or `data:`), or an image source that has one. Nodes are accepted, and not sent. */
  readonly appLogo?: ImageSourcePropType | ReactNode;
  readonly clientId: string;
  /** Default `"light"`. */
  readonly theme?: Theme | undefined;
  /** Lets the widget offer WalletConnect. */
  readonly walletConnectProjectId?: string | undefined;
  /** The Connect server; default: the published one. */
  readonly baseUrl?: string | undefined;
  /** Default: the phone's, where the widget speaks it. */
  readonly language?: Language | undefined;
  /** Default: all that the client allows. */
  readonly authMethods?: readonly AuthMethod[] | undefined;
  /** `--kc-…` variables, for both themes. */
  readonly cssVars?: Readonly<Record<string, string>> | undefined;
  /** Default `"webview"`. In the system's browser your app cannot see what is typed; it needs `hosted_url`. */
  readonly openIn?: "webview" | "browser" | undefined;
  /** Where the browser comes back to, such as `myapp://kryptos`: the redirect URI that your backend sent. */
  readonly returnUrl?: string | undefined;
  /** Opens the browser, such as expo-web-browser's; default `Linking.openURL`. May return a promise of its closing. */
  readonly openBrowser?: ((url: string, returnUrl?: string) => unknown) | undefined;
}

let given: Partial<KryptosConnectConfig> | undefined;

export const KryptosConnect = {
  /** Say once for the whole app who you are; may be called on every render, the last call counts. */
  init(config: KryptosConnectConfig): void {
    given = config;
  },
};

/** What `init` was given. */
export function initialSettings(): Partial<KryptosConnectConfig> | undefined {
  return given;
}
