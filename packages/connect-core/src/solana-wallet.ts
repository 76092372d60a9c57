/** A wallet of Solana (Wallet Standard), asked for its accounts and the signature of a sign-in message only. */

import { readSignInMessage } from "./sign-in-message.js";
import { type Wallet, WalletRefused } from "./wallet.js";

interface StandardAccount {
  readonly address: string;
  readonly chains: readonly string[];
}

interface Signed {
  readonly signedMessage: Uint8Array;
  readonly signature: Uint8Array;
}

/** The part of a Wallet Standard wallet that is used. */
export interface StandardWallet {
  readonly name: string;
  readonly icon: string;
  readonly chains: readonly string[];
  readonly accounts: readonly StandardAccount[];
  readonly features: {
    readonly "standard:connect": {
      connect(): Promise<{ readonly accounts: readonly StandardAccount[] }>;
    };
    readonly "solana:signIn"?: {
      signIn(input: Readonly<Record<string, string>>): Promise<readonly Signed[]>;
    };
    readonly "solana:signMessage"?: {
      signMessage(input: { account: StandardAccount; message: Uint8Array }): Promise<readonly Signed[]>;
    };
  };
}

export function isSolanaWallet(given: unknown): given is StandardWallet {
  const { name, chains, features } = (given ?? {}) as Partial<StandardWallet>;
  return (
    typeof name === "string" &&
    Array.isArray(chains) &&
    chains.some((chain) => String(chain).startsWith("solana:")) &&
    typeof features?.["standard:connect"]?.connect === "function"
  );
}

/** Return the wallet behind a registration. */
export function solanaWallet(wallet: StandardWallet): Wallet {
  const { features } = wallet;
  const signMessage = features["solana:signMessage"];
  const signIn = features["solana:signIn"];
  return {
    family: "solana",
    canProve: Boolean(signMessage ?? signIn),

    async accounts() {
      const { accounts } = await features["standard:connect"].connect();
      const ofSolana = accounts.filter(({ chains }) => chains.some((chain) => chain.startsWith("solana:")));
      return { addresses: ofSolana.map(({ address }) => String(address)) };
    },

    async sign(address, message) {
      // `signMessage` signs the very text; what `signIn` composes of its fields may differ from it.
      if (!signMessage) return proof(await signIn?.signIn(signInInput(message)));
      const account = wallet.accounts.find((each) => each.address === address);
      if (account)
        return proof(await signMessage.signMessage({ account, message: new TextEncoder().encode(message) }));
      throw new WalletRefused(
        "WALLET_ACCOUNT_MISSING",
        "The wallet does not give out this address now. Choose its account in the wallet, and connect again.",
      );
    },
  };
}

/** The input of `solana:signIn`: `Chain ID` is `chainId`, and so on. */
function signInInput(message: string): Readonly<Record<string, string>> {
  const read = readSignInMessage(message);
  if (!read) return {};
  const { domain, address, statement, fields } = read;
  const named = Object.fromEntries([...fields].map(([name, value]) => [camelCase(name), value]));
  return { ...named, domain, address, ...(statement === undefined ? {} : { statement }) };
}

function camelCase(name: string): string {
  const [first = "", ...others] = name.split(" ");
  return [first.toLowerCase(), ...others].join("").replace(/ID$/, "Id");
}

function proof(signed: readonly Signed[] | undefined): { message: string; signature: string } {
  const [first] = signed ?? [];
  if (!first) throw new Error("no signature");
  return { message: new TextDecoder().decode(first.signedMessage), signature: base64(first.signature) };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648, section 4. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = [...bytes.slice(at, at + 3)];
    const bits = group.reduce((sum, byte, place) => sum | (byte << (16 - 8 * place)), 0);
    for (let place = 0; place <= group.length; place += 1) text += ALPHABET[(bits >> (18 - 6 * place)) & 63];
  }
  return text.padEnd(4 * Math.ceil(bytes.length / 3), "=");
}
