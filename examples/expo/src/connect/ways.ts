/** The ways of opening the widget that this app shows; yours needs one of them. */

import type { ComponentType } from "react";

import type { Config } from "../backend";
import { InitButton } from "./InitButton";
import { OwnModal } from "./OwnModal";
import { ProviderButton } from "./ProviderButton";
import { SystemBrowser } from "./SystemBrowser";

/** What each of them is given. */
export interface ConnectProps {
  readonly config: Config;
  readonly theme: "light" | "dark";
  readonly label: string;
  /** Null means a returning person: the access token that the backend holds stays the one. */
  readonly onDone: (userConsent: { readonly public_token: string } | null) => void;
  readonly onFailed: (error: Error) => void;
}

export interface Way {
  readonly title: string;
  readonly words: string;
  readonly Connect: ComponentType<ConnectProps>;
}

export const WAYS: readonly [Way, ...Way[]] = [
  { title: "Provider and button", words: "The first generation of names.", Connect: ProviderButton },
  { title: "init and button", words: "The later generation of names.", Connect: InitButton },
  { title: "A modal of your own", words: "Opened and closed by the app's state.", Connect: OwnModal },
  {
    title: "The system's browser",
    words: "The app cannot look into it; a deep link leads back.",
    Connect: SystemBrowser,
  },
];
