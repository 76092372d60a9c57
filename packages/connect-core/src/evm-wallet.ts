/** A wallet of EVM chains (EIP-1193), asked for accounts, chain and the signature of a sign-in message only. */

import { type Wallet, WalletRefused } from "./wallet.js";

/** EIP-1193. */
export interface EvmProvider {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

export function isEvmProvider(given: unknown): given is EvmProvider {
  return typeof (given as EvmProvider | null | undefined)?.request === "function";
}

/** Return the wallet behind a provider. */
export function evmWallet(provider: EvmProvider): Wallet {
  return {
    family: "evm",
    canProve: true,

    async accounts() {
      const addresses = addressesOf(await provider.request({ method: "eth_requestAccounts" }));
      // The chain is a hint for the form; the accounts are good without it.
      const chain = await provider.request({ method: "eth_chainId" }).catch(() => null);
      return {
        addresses,
        chainId: typeof chain === "string" && /^0x[0-9a-f]{1,12}$/i.test(chain) ? Number(chain) : undefined,
      };
    },

    async sign(address, message) {
      const given = addressesOf(await provider.request({ method: "eth_accounts" }));
      if (!given.some((each) => each.toLowerCase() === address.toLowerCase())) {
        throw new WalletRefused(
          "WALLET_ACCOUNT_MISSING",
          "The wallet does not give out this address now. Choose its account in the wallet, and connect again.",
        );
      }
      const signature = await provider.request({
        method: "personal_sign",
        params: [hexadecimal(message), address],
      });
      if (typeof signature === "string" && /^0x([0-9a-f]{2})+$/i.test(signature))
        return { message, signature };
      throw new Error("no signature");
    },
  };
}

function addressesOf(reply: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(reply) ? reply : [];
  return all.filter((each): each is string => typeof each === "string" && /^0x[0-9a-f]{40}$/i.test(each));
}

function hexadecimal(text: string): string {
  return `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
