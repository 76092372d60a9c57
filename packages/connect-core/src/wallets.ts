/**
 * The bridge to the wallets of the person's browser: finds them, asks for their addresses, has sign-in messages signed.
 *
 * Found by EIP-6963 (EVM) and by the Wallet Standard (Solana). Nothing else than accounts, chain and the signing of
 * a sign-in message of the page's own domain is ever asked of a wallet: no transaction can come from here.
 * Used by the SDK in the host's page, and by the widget where it is a page of its own: `openWallets(window)`.
 */

import { evmWallet, isEvmProvider } from "./evm-wallet.js";
import type { HostWallet, WalletProof } from "./protocol.js";
import { readSignInMessage } from "./sign-in-message.js";
import { isSolanaWallet, solanaWallet } from "./solana-wallet.js";
import { type Wallet, type WalletAccounts, WalletRefused } from "./wallet.js";

// biome-ignore lint/suspicious/noExplicitAny: the type of events belongs to the page, which this package does not know.
type PageEvent = any;

/** What is used of a `window`. */
export interface WalletPage {
  readonly location: { readonly host: string };
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
  removeEventListener(type: string, listener: (event: PageEvent) => void): void;
  dispatchEvent(event: PageEvent): boolean;
  readonly CustomEvent: new (type: string, init: { detail: unknown }) => PageEvent;
}

export interface Wallets {
  /** Ask all wallets to make themselves known; those that have, each once. */
  list(): readonly HostWallet[];
  accounts(wallet: string): Promise<WalletAccounts>;
  prove(wallet: string, address: string, message: string): Promise<WalletProof>;
  /** Carry out a request of the widget; its parameters are checked here. Fails with a `WalletRefused`. */
  answer(method: string, params: unknown): Promise<unknown>;
  /** Stop listening. */
  close(): void;
}

const MOST_WALLETS = 50;
const LONGEST_NAME = 64;
const LONGEST_ICON = 100_000;

export function openWallets(page: WalletPage): Wallets {
  const found = new Map<string, { readonly shown: HostWallet; readonly wallet: Wallet }>();

  const add = (id: string, name: unknown, icon: unknown, wallet: Wallet): void => {
    if (found.has(id) || found.size >= MOST_WALLETS) return;
    const { family, canProve } = wallet;
    const shown = { id, name: shortName(name), icon: dataUrl(icon), family, canProve };
    found.set(id, { shown, wallet });
  };

  const onAnnounced = ({ detail }: { readonly detail?: unknown }): void => {
    const { info, provider } = (detail ?? {}) as { info?: Announced; provider?: unknown };
    if (!info || !isEvmProvider(provider)) return;
    // The uuid is another on every page: `rdns` is what tells a wallet from its second announcement.
    add(`evm:${info.rdns ?? info.uuid ?? info.name}`, info.name, info.icon, evmWallet(provider));
  };

  const register = (...wallets: readonly unknown[]): (() => void) => {
    const ids = wallets.filter(isSolanaWallet).map((each) => {
      add(`solana:${each.name}`, each.name, each.icon, solanaWallet(each));
      return `solana:${each.name}`;
    });
    return () => {
      for (const id of ids) found.delete(id);
    };
  };

  const onRegistered = ({ detail }: { readonly detail?: unknown }): void => {
    if (typeof detail === "function") detail({ register });
  };

  page.addEventListener("eip6963:announceProvider", onAnnounced);
  page.addEventListener("wallet-standard:register-wallet", onRegistered);
  page.dispatchEvent(new page.CustomEvent("wallet-standard:app-ready", { detail: { register } }));

  const walletOf = (id: string): Wallet => {
    const entry = found.get(id);
    if (entry) return entry.wallet;
    throw new WalletRefused(
      "WALLET_UNKNOWN",
      "This wallet is not there any more. Reload the page, or type the address.",
    );
  };

  const wallets: Wallets = {
    list() {
      page.dispatchEvent(new page.CustomEvent("eip6963:requestProvider", { detail: null }));
      return [...found.values()].map(({ shown }) => shown);
    },

    async accounts(id) {
      return asked(walletOf(id).accounts());
    },

    async prove(id, address, message) {
      const wallet = walletOf(id);
      refuseUnlessSignIn(wallet.family, page.location.host, address, message);
      return asked(wallet.sign(address, message));
    },

    async answer(method, params) {
      const { wallet, address, message } = (params ?? {}) as Readonly<Record<string, unknown>>;
      if (method === "wallets.list") return wallets.list();
      if (method === "wallet.accounts") return wallets.accounts(String(wallet));
      if (method === "wallet.prove") return wallets.prove(String(wallet), String(address), String(message));
      throw new WalletRefused("METHOD_UNKNOWN", `This version of the SDK cannot do "${method}". Update it.`);
    },

    close() {
      page.removeEventListener("eip6963:announceProvider", onAnnounced);
      page.removeEventListener("wallet-standard:register-wallet", onRegistered);
      found.clear();
    },
  };
  return wallets;
}

interface Announced {
  readonly uuid?: string;
  readonly rdns?: string;
  readonly name?: string;
  readonly icon?: string;
}

/** The one gate before any signature: whoever asks, only the page's own sign-in messages pass. */
function refuseUnlessSignIn(family: Wallet["family"], host: string, address: string, message: string): void {
  const read = readSignInMessage(message);
  const same = (given: string): string => (family === "evm" ? given.toLowerCase() : given);
  if (read?.family === family && read.domain === host && same(read.address) === same(address)) return;
  throw new WalletRefused(
    "NOT_A_SIGN_IN_MESSAGE",
    `Refused: a wallet signs nothing but a sign-in message of ${host} that names its own address.`,
  );
}

const REJECTED = 4001; // EIP-1193, "Provider Errors"
const PENDING = -32002; // EIP-1474, "resource unavailable": the wallet shows an earlier request still

/** Give a wallet's refusal a code of ours. */
async function asked<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (cause) {
    if (cause instanceof WalletRefused) throw cause;
    const code = (cause as { code?: unknown } | null)?.code;
    const said = (cause instanceof Error ? cause.message : String(cause)).slice(0, 200);
    if (code === REJECTED || /reject|denied|declined|cancel/i.test(said)) {
      throw new WalletRefused("WALLET_REJECTED", "The request was declined in the wallet.");
    }
    if (code === PENDING) {
      throw new WalletRefused("WALLET_BUSY", "Open the wallet: an earlier request waits there.");
    }
    throw new WalletRefused("WALLET_FAILED", `The wallet answered: ${said}`);
  }
}

function shortName(name: unknown): string {
  const clean = typeof name === "string" ? name.replace(/\p{C}+/gu, "").trim() : "";
  return [...clean].slice(0, LONGEST_NAME).join("") || "Wallet";
}

function dataUrl(icon: unknown): string | undefined {
  const isShown = typeof icon === "string" && icon.length <= LONGEST_ICON && /^data:image\//.test(icon);
  return isShown ? icon : undefined;
}
