/** A wallet of one family, behind the same two calls whatever the standard is that it was found by. */

import type { HostMethods, HostWallet, WalletProof } from "./protocol.js";

export type WalletAccounts = HostMethods["wallet.accounts"]["result"];

export interface Wallet {
  readonly family: HostWallet["family"];
  readonly canProve: boolean;
  accounts(): Promise<WalletAccounts>;
  /** Only ever called with a sign-in message of the page's own domain. */
  sign(address: string, message: string): Promise<WalletProof>;
}

/** A wallet did not do it, or was not asked to; `code` is what the person's text is chosen by. */
export class WalletRefused extends Error {
  declare readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    Object.assign(this, { name: "WalletRefused", code });
  }
}
