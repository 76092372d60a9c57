/** What the parts of the widget know of each other: the host, the API's values, the screens and what a screen is given. */

import type {
  AuthMethod,
  HostMethod,
  HostMethods,
  HostWallet,
  Language,
  Prefill,
  Theme,
} from "@kryptos_connect/connect-core";
import type { ApiFailure } from "@kryptos_connect/ui/http/errors.js";
import type { MessageKey } from "./i18n/texts.js";

export type { ApiFailure, AuthMethod, HostWallet, Language, Prefill, Theme };

// ---------------------------------------------------------------- the host

/** What the host app wants of the widget. */
export interface Config {
  readonly appName: string | null;
  /** An `https:` address or a data URL. */
  readonly appLogo: string | null;
  readonly theme: Theme;
  readonly language: Language;
  readonly authMethods: readonly AuthMethod[] | null;
  readonly cssVars: Readonly<Record<string, string>>;
  readonly cssVarsDark: Readonly<Record<string, string>>;
  readonly integrationName: string | null;
  readonly prefill: Prefill;
  readonly walletConnectProjectId: string | null;
}

/** Whoever opened the widget: a page with the SDK around a frame, a native app, or this server's own page. */
export interface Host {
  readonly kind: "frame" | "page" | "app";
  /** Resolves once, when the host has said what it wants. */
  config(): Promise<Config>;
  /** Resolves with the first link token; `renewToken` asks for another. */
  linkToken(): Promise<string>;
  renewToken(reason: "expired" | "used"): Promise<string>;
  /** Say that the first usable screen is there. */
  usable(): void;
  event(event: WidgetEvent): void;
  /** The end: the host takes the widget away (a frame, a native app), or leads on to the app (a page). */
  succeed(publicToken: string | null): void;
  exit(code: string, message: string, requestId?: string): void;
  ask<M extends HostMethod>(method: M, params: HostMethods[M]["params"]): Promise<HostMethods[M]["result"]>;
  /** Called when the host wants one step back; returns how to stop listening. */
  onBack(listener: () => void): () => void;
}

export interface WidgetEvent {
  readonly name: string;
  readonly at: string;
  readonly sessionId: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

// ---------------------------------------------------------------- the API's values (wire names, as they come)

export interface Session {
  readonly session_id: string;
  readonly stage: "INIT" | "CONNECT" | "INTEGRATION" | "STATUS";
  readonly expires_at: string;
  readonly is_resumed: boolean;
  readonly app: {
    readonly client_id: string;
    readonly name: string;
    readonly mode: "sandbox" | "production";
  };
  readonly scopes: readonly string[];
  readonly auth_methods: readonly AuthMethod[];
  readonly user: {
    readonly user_id: string;
    readonly is_anonymous: boolean;
    readonly email: string | null;
  } | null;
  readonly workspace: Workspace | null;
  readonly consent: { readonly scopes: readonly string[]; readonly given_at: string } | null;
  readonly repaired_wallet_id: string | null;
  /** Where the hosted page leads at its end; null for a frame. */
  readonly redirect_uri: string | null;
  /** The operator's own pages, where there are some. */
  readonly privacy_url: string | null;
  readonly terms_url: string | null;
  /** How wallets are reached by WalletConnect; `project_id` is the operator's. Null where it is not offered. */
  readonly walletconnect: { readonly relay_url: string; readonly project_id: string | null } | null;
}

export interface Workspace {
  readonly workspace_id: string;
  readonly name: string;
  readonly role: "owner" | "admin" | "member" | "viewer";
  readonly can_share: boolean;
}

export interface SignedIn {
  readonly user_id: string;
  readonly is_anonymous: boolean;
  readonly email: string | null;
  readonly workspaces: readonly Workspace[];
  readonly workspace: Workspace | null;
  /** Binds the session to this widget: sent as `X-Widget-Key` from now on. Null: a guest of before, whose key is lost. */
  readonly widget_key: string | null;
}

export interface ConsentAsked {
  readonly app: Session["app"];
  readonly workspace: Workspace | null;
  readonly scopes: readonly { readonly scope: string; readonly description: string }[];
  readonly access_seconds: number;
  readonly covers_later_connections: boolean;
  readonly consent: Session["consent"];
}

export interface Provider {
  readonly id: string;
  readonly publicName: string;
  /** A path of this server. */
  readonly logo: string | null;
  readonly type: "blockchain" | "wallet" | "exchange";
  readonly isWorking: boolean;
  readonly isEVM: boolean;
  readonly symbol: string | null;
  readonly aliases: readonly string[];
  /** 1 is the most popular; null where nobody ranked it. */
  readonly rank: number | null;
  /** `evm`, `solana`, `utxo`, …; several for a wallet. */
  readonly families: readonly string[];
  /** `troubled` when most accounts there could not be read in the last hour; null where nothing is known. */
  readonly health: "fine" | "troubled" | null;
}

export interface TestAccount {
  readonly persona: string;
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly address: string;
}

export interface Providers {
  readonly providers: readonly Provider[];
  readonly test_accounts: readonly TestAccount[];
}

export interface DetectedChain {
  readonly id: string;
  readonly name: string;
  readonly chain_id: number | null;
  readonly logo: string | null;
}

export interface Detected {
  readonly address: string;
  readonly chains: readonly DetectedChain[];
  readonly unreachable: readonly DetectedChain[];
  readonly looked: number;
}

export type StageWord =
  | "PENDING"
  | "ONGOING"
  | "COMPLETED"
  | "PARTIALLY COMPLETED"
  | "FAILED"
  | "NOT SUPPORTED"
  | string;

export interface Stage {
  readonly name: string;
  readonly status: StageWord;
  readonly code: string | null;
  readonly message: string | null;
  readonly chains_done: number;
  readonly chains_total: number;
}

export interface Connection {
  readonly wallet_id: string;
  readonly provider: string;
  readonly address: string | null;
  readonly chains: readonly string[];
  readonly alias: string | null;
  readonly persona: string | null;
  readonly status: "active" | "ONGOING" | "COMPLETED" | "PARTIALLY SYNCED" | "FAILED" | string;
  readonly code: string | null;
  readonly message: string | null;
  readonly stages: readonly Stage[];
  readonly total_transactions: number;
  readonly added_at: string;
  readonly last_synced_at: string | null;
  /** Whether a wallet signed that the address is this person's. */
  readonly is_ownership_proven: boolean;
}

export interface NewConnection {
  readonly provider: string;
  readonly address?: string;
  readonly persona?: string;
  readonly chains?: readonly string[];
  readonly alias?: string;
  readonly proof?: { readonly message: string; readonly signature: string };
}

/** A text for a wallet to sign, in EIP-4361's form (EVM) or SIWS's (Solana); ten minutes, once. */
export interface OwnershipChallenge {
  readonly message: string;
  readonly expires_at: string;
}

/** The widget's calls. Each either gives its value or throws `ApiError` (see api/client.ts), which is an `ApiFailure`. */
export interface Api {
  session(): Promise<Session>;
  startEmail(email: string): Promise<void>;
  verifyEmail(email: string, code: string): Promise<SignedIn>;
  goAnonymous(): Promise<SignedIn>;
  /** A guest's link into the consent centre; it opens once, and the one before it is dead. */
  managementLink(): Promise<{ readonly url: string }>;
  /** Mail a code to the address that a guest wants to have. */
  startAddress(email: string): Promise<void>;
  /** The guest becomes the person with the address, or that person has what the guest had. */
  addAddress(email: string, code: string): Promise<void>;
  workspaces(): Promise<readonly Workspace[]>;
  chooseWorkspace(workspaceId: string): Promise<Session>;
  consent(): Promise<ConsentAsked>;
  giveConsent(approved: boolean, scopes?: readonly string[]): Promise<Session>;
  providers(): Promise<Providers>;
  detectChains(address: string, signal?: AbortSignal): Promise<Detected>;
  resolveName(name: string, signal?: AbortSignal): Promise<{ readonly address: string }>;
  /** `origin` is that of the page in which the wallet signs: the host's, if none is given. */
  challenge(
    family: "evm" | "solana",
    address: string,
    chainId?: number,
    origin?: string,
  ): Promise<OwnershipChallenge>;
  connect(account: NewConnection): Promise<Connection>;
  connections(): Promise<readonly Connection[]>;
  connection(walletId: string): Promise<Connection>;
  disconnect(walletId: string): Promise<void>;
  /** Give a path of this server at which the picture of an `https:` address stands, or null. */
  appLogo(url: string): Promise<string | null>;
  complete(): Promise<{ readonly public_token: string | null }>;
  exit(): Promise<void>;
  record(name: string, details: Readonly<Record<string, unknown>>): void;
}

// ---------------------------------------------------------------- screens

export type Screen =
  | { readonly name: "landing" }
  | { readonly name: "code"; readonly email: string }
  | { readonly name: "workspace" }
  | { readonly name: "consent" }
  | { readonly name: "picker" }
  /** The form of one provider: an address with its chains. */
  | { readonly name: "form"; readonly providerId: string; readonly address?: string }
  /** A pasted address: which chains, which provider. */
  | { readonly name: "address"; readonly address: string }
  /** The wallets of the person's browser; or a wallet app on another device, or beside this page. */
  | { readonly name: "browser-wallets"; readonly via?: "walletconnect" }
  /** What was connected in this visit, live. */
  | { readonly name: "status" }
  | { readonly name: "problem"; readonly failure: ApiFailure };

/** Gives a text of the person's language; `count` chooses the plural, other values fill `{name}`. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

/** What every screen is given (`useConnect()`). */
export interface Connect {
  readonly host: Host;
  readonly api: Api;
  readonly config: Config;
  readonly session: Session;
  /** The app's name as the person should read it: the registered one. */
  readonly appName: string;
  /** Its picture as something this page may show: a path of this server or a data URL; null until known. */
  readonly appLogo: string | null;
  readonly t: Translate;
  /** Whether there is such a text: for keys made from a code of the server. */
  readonly has: (key: string) => key is MessageKey;
  readonly language: Language;
  /** The list of providers, fetched once. */
  readonly providers: () => Promise<Providers>;
  /** The connections made in this visit, the newest last. */
  readonly connected: readonly Connection[];
  /** Remember a connection of this visit, or its newer state; `removeConnected` forgets one. */
  putConnected(connection: Connection): void;
  removeConnected(walletId: string): void;
  /** Replace the session by what a call returned. */
  setSession(session: Session): void;
  /** Sign-in has succeeded: remember the key, read the session anew, go on to workspace or consent. */
  signedIn(given: SignedIn): Promise<void>;
  /** One step forward; the screen left is remembered for `back`, unless `replace`. */
  go(screen: Screen, options?: { readonly replace?: boolean }): void;
  back(): void;
  readonly canGoBack: boolean;
  /** Where the session says one should be now. */
  next(): void;
  /** The person wants out (×, Esc): asks once if something typed would be lost; at `status` it finishes. */
  leave(): void;
  /** End without success, at the person's wish; `message` says why. */
  exit(message: string): void;
  /** Complete the session and hand over to the host. */
  finish(): Promise<void>;
  /** While something typed would be lost: a reason to ask before leaving. Returns how to withdraw it. */
  guard(): () => void;
  /** Tell host and session record; never a token, a code, an address or a secret. */
  report(name: string, details?: Readonly<Record<string, unknown>>): void;
}
