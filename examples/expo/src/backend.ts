/** The calls to the app's own backend, the only server that knows the client secret. */

import { BACKEND_URL } from "./settings";

/** A number as the backend sends it: text keeps all digits. Unknown is null, never 0. */
export type Decimal = number | `${number}`;

export interface Config {
  readonly baseUrl: string;
  readonly clientId: string;
}

export interface Account {
  readonly walletId: string;
  readonly providerPublicName: string;
  readonly publicAddress: string | null;
  readonly alias: string | null;
  readonly status: string;
}

export interface Holding {
  readonly asset: {
    readonly tokenId: string;
    readonly symbol: string;
    readonly publicName: string;
    readonly chainId: string;
    readonly contractAddress: string | null;
    readonly logoUrl: string | null;
  };
  readonly totalQuantity: Decimal;
  readonly marketValue: Decimal | null;
  readonly baseCurrency: string;
}

/** An account of which not everything could be read: what is shown of it is missing or old. */
export interface Shortfall {
  readonly walletId: string;
  /** That of the account. */
  readonly status: string;
  readonly message: string | null;
}

export interface Portfolio {
  readonly isConnected: true;
  readonly isReading: boolean;
  readonly accounts: readonly Account[];
  readonly holdings: readonly Holding[];
  readonly summary: {
    readonly totalValue: Decimal | null;
    readonly baseCurrency: string;
    readonly unpricedHoldings: number;
  };
  readonly shortfalls: readonly Shortfall[];
}

export interface NotConnected {
  readonly isConnected: false;
  /** Whether there was an access, and somebody took it back. */
  readonly isRevoked?: boolean;
}

export interface LinkToken {
  readonly link_token: string;
  readonly isAuthorized: boolean;
  /** The widget as a page of its own; there where a redirect URI was sent. */
  readonly hosted_url?: string;
}

export const fetchConfig = () => call<Config>("GET", "/api/config");

export const fetchPortfolio = () => call<Portfolio | NotConnected>("GET", "/api/kryptos/holdings");

export const createLinkToken = () => call<LinkToken>("POST", "/api/kryptos/create-link-token", {});

/** The same for the system's browser, which leads back to the app at the end. */
export const createHostedLinkToken = (redirectUri: string) =>
  call<LinkToken>("POST", "/api/kryptos/create-link-token", { redirect_uri: redirectUri });

export const exchangeToken = (publicToken: string) =>
  call<{ success: true }>("POST", "/api/kryptos/exchange-token", { public_token: publicToken });

export const disconnect = () => call<{ success: true }>("POST", "/api/kryptos/disconnect", {});

async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const reply = await fetch(BACKEND_URL + path, {
    method,
    credentials: "include", // the backend knows a user by a cookie
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(
      `The app's backend at ${BACKEND_URL} could not be reached. Does it run, and does this device reach it?`,
    );
  });
  const answer: unknown = await reply.json().catch(() => null);
  if (!reply.ok) throw new Error(saidError(answer) ?? `${method} ${path} answered ${reply.status}.`);
  return answer as Answer;
}

function saidError(answer: unknown): string | null {
  return typeof answer === "object" && answer && "error" in answer ? String(answer.error) : null;
}
