/** What the parts of the consent centre know of each other: the API's values (wire names, as they come) and the page. */

import type { Language, Theme } from "@kryptos_connect/connect-core";
import type { ApiFailure } from "@kryptos_connect/ui/http/errors.js";
import type { MessageKey } from "./i18n/texts.js";

export type { ApiFailure, Language, Theme };

export interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly is_guest: boolean;
  readonly language: string | null;
  readonly created_at: string;
}

export interface Session {
  readonly person: Person;
  /** Sent as `X-CSRF-Token` with everything that changes something; kept in memory alone. */
  readonly csrf_token: string;
}

export interface Grant {
  readonly grant_id: string;
  readonly client: {
    readonly id: string;
    readonly name: string;
    readonly mode: "sandbox" | "production";
    /** A path of this server. */
    readonly logo: string | null;
  };
  readonly workspace: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly status: "active" | "revoked" | "expired";
  readonly granted_at: string;
  readonly renewed_at: string | null;
  readonly expires_at: string;
  readonly ended_at: string | null;
  readonly ended_by: string | null;
  readonly last_access_at: string | null;
  /** Counts to 10,000, which means that many or more. */
  readonly accesses_last_30_days: number;
}

/** One successful call of an app. */
export interface Access {
  readonly id: string;
  readonly at: string;
  /** The path as documented, without values. */
  readonly endpoint: string;
  /** Null where the reply is no list, or had not changed. */
  readonly rows: number | null;
}

export interface Accesses {
  readonly accesses: readonly Access[];
  readonly next: string | null;
}

export interface Receipt {
  readonly id: string;
  readonly event: "given" | "renewed" | "revoked";
  readonly issued_at: string;
  /** What is saved as a file, as it is. */
  readonly file: Readonly<Record<string, unknown>>;
}

export interface Connection {
  readonly wallet_id: string;
  readonly provider: { readonly id: string; readonly name: string; readonly logo: string | null };
  readonly category: string;
  readonly alias: string | null;
  readonly address: string | null;
  readonly chains: readonly { readonly id: string; readonly name: string }[];
  readonly status: "active" | "ONGOING" | "COMPLETED" | "PARTIALLY SYNCED" | "FAILED" | string;
  readonly status_text: string | null;
  readonly is_paused: boolean;
  readonly last_synced_at: string | null;
  readonly added_at: string;
  readonly transactions: number;
  readonly mode: "sandbox" | "production";
  readonly workspace: { readonly id: string; readonly name: string };
  readonly apps: readonly { readonly client_id: string; readonly name: string }[];
  /** Whether the person may: owners and administrators of its workspace. */
  readonly can_remove: boolean;
}

/** What opens the state of an erasure, once there is no session any more. */
export interface ErasureKey {
  readonly erasure_id: string;
  readonly key: string;
}

export interface ErasureState {
  readonly state: "waiting" | "erasing" | "done";
  readonly counts: Readonly<Record<string, number>>;
  readonly proof: Readonly<Record<string, unknown>> | null;
}

export interface Challenge {
  readonly challenge: string;
}

/** A step that a mailed code proves. */
export interface Proven {
  readonly challenge: string;
  readonly email: string;
  readonly code: string;
}

/** The page's calls. Each either gives its value or throws `ApiError`. */
export interface Api {
  session(): Promise<Session>;
  startSignIn(email: string, language: Language): Promise<Challenge>;
  verifySignIn(proven: Proven): Promise<Session>;
  openLink(key: string): Promise<Session>;
  signOut(): Promise<void>;
  startEmail(email: string, language: Language): Promise<Challenge>;
  /** `hasClaimed`: the address was somebody's already, who now has what the guest had. */
  verifyEmail(proven: Proven): Promise<{ readonly session: Session; readonly hasClaimed: boolean }>;
  managementLink(): Promise<{ readonly url: string }>;
  grants(): Promise<readonly Grant[]>;
  accesses(grantId: string, before: Access["id"] | null): Promise<Accesses>;
  receipts(grantId: string): Promise<readonly Receipt[]>;
  revoke(grantId: string): Promise<void>;
  revokeAll(): Promise<{ readonly revoked: number }>;
  connections(): Promise<readonly Connection[]>;
  disconnect(walletId: string): Promise<void>;
  /** Give the whole file; `onProgress` is told how many bytes have come. */
  exportData(onProgress: (bytes: number) => void): Promise<{ readonly name: string; readonly file: Blob }>;
  /** Mail a code; null for somebody without an address, who needs none. */
  startErasure(): Promise<{ readonly challenge: string | null }>;
  erase(proof: { readonly challenge: string; readonly code: string } | null): Promise<ErasureKey>;
  erasure(key: ErasureKey): Promise<ErasureState>;
}

export type Route =
  | { readonly name: "apps" }
  | { readonly name: "app"; readonly grantId: string }
  | { readonly name: "accounts" }
  | { readonly name: "data" };

export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

/** What every view is given (`usePage()`). */
export interface Page {
  readonly api: Api;
  readonly t: Translate;
  readonly has: (key: string) => key is MessageKey;
  readonly language: Language;
  readonly theme: Theme;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
}

/** What the views of a signed-in person are given besides (`useAccount()`). */
export interface Account {
  readonly person: Person;
  readonly route: Route;
  readonly go: (route: Route) => void;
  /** The session goes on as somebody else: an address was added. */
  readonly goOnAs: (session: Session) => void;
  readonly signOut: () => Promise<void>;
  /** The person's data is being erased: from here on there is no session. */
  readonly erasing: (key: ErasureKey) => void;
}
