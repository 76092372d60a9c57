/**
 * The wallet apps that have a button on a phone: each by the link that its makers have documented for WalletConnect.
 *
 * Data alone. Whoever opens these links for the widget (a native app around it) allows their schemes: `https`, `wc` and
 * those that stand here.
 */

export interface WalletLink {
  readonly name: string;
  /** Opens the app; with `?uri=` and the link of a pairing, the app pairs. */
  readonly link: string;
}

export const WALLET_LINKS: readonly WalletLink[] = [
  { name: "MetaMask", link: "https://metamask.app.link/wc" },
  { name: "Trust Wallet", link: "https://link.trustwallet.com/wc" },
  { name: "Rainbow", link: "https://rnbwapp.com/wc" },
  { name: "Ledger Live", link: "ledgerlive://wc" },
];

/** Where a wallet is opened to pair. */
export function pairingLink(wallet: WalletLink, uri: string): string {
  return `${wallet.link}?uri=${encodeURIComponent(uri)}`;
}
