/** The calls from the page to this app's own route handlers. */

export interface Holding {
  readonly asset: { readonly symbol: string; readonly chainId: string; readonly tokenId: string };
  readonly totalQuantity: number;
}

export type Held =
  | { readonly isConnected: false }
  | {
      readonly isConnected: true;
      readonly isReading: boolean;
      readonly holdings: readonly Holding[];
      readonly shortfalls: readonly { readonly walletId: string; readonly message: string | null }[];
    };

export const createLinkToken = () =>
  call<{ link_token: string; isAuthorized: boolean; base_url: string }>("POST", "create-link-token");

export const exchangeToken = (publicToken: string) =>
  call<{ success: true }>("POST", "exchange-token", { public_token: publicToken });

export const fetchHoldings = () => call<Held>("GET", "holdings");

async function call<Answer>(method: string, action: string, body?: object): Promise<Answer> {
  const reply = await fetch(`/api/kryptos/${action}`, {
    method,
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(answer.error);
  return answer;
}
