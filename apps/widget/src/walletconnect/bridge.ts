/**
 * The wallet behind a pairing, as one of the wallets that `openWallets` finds: its accounts are read and its texts are
 * signed behind the same gate, and its refusals get the same codes, as those of a browser's wallets.
 */

import { openWallets } from "@kryptos_connect/connect-core";
import { fromBase58, toBase58 } from "../addresses/base58.js";
import type { Host, HostWallet } from "../contracts.js";
import type { GivenAccount } from "./messages.js";
import type { Pairing } from "./pairing.js";

export interface Bridge extends Pick<Host, "ask"> {
  /** One wallet for each family that has accounts. */
  readonly wallets: readonly HostWallet[];
}

interface Account {
  readonly family: "eip155" | "solana";
  readonly chain: string;
  readonly address: string;
  readonly canSign: boolean;
}

const ACCOUNT = /^((eip155):\d{1,15}|(solana):[\w-]{1,32}):(\w{32,44})$/; // CAIP-10, of these two
const MOST_ACCOUNTS = 50;

export function bridgeTo(
  pairing: Pick<Pairing, "sign">,
  given: readonly GivenAccount[],
  name: string,
): Bridge {
  const accounts = given.slice(0, MOST_ACCOUNTS).flatMap(readAccount);
  const page = Object.assign(new EventTarget(), { location, CustomEvent });
  const { list, answer } = openWallets(page);
  const evm = accounts.filter((each) => each.family === "eip155");
  const solana = accounts.filter((each) => each.family === "solana");
  if (evm.length > 0)
    page.dispatchEvent(
      new CustomEvent("eip6963:announceProvider", {
        detail: { info: { rdns: "walletconnect", name }, provider: evmProvider(pairing, evm) },
      }),
    );
  if (solana.length > 0)
    page.dispatchEvent(
      new CustomEvent("wallet-standard:register-wallet", {
        detail: ({ register }: { register(wallet: unknown): void }) =>
          register(solanaWallet(pairing, solana, name)),
      }),
    );
  const canSign = (family: string) => (family === "evm" ? evm : solana).every((each) => each.canSign);
  return {
    wallets: list().map((each) => ({ ...each, canProve: canSign(each.family) })),
    ask: (method, params) => answer(method, params) as Promise<never>,
  };
}

function readAccount({ id, canSign }: GivenAccount): readonly Account[] {
  const [, chain, evm, , address] = ACCOUNT.exec(id) ?? [];
  return chain && address ? [{ family: evm ? "eip155" : "solana", chain, address, canSign }] : [];
}

/** EIP-1193, as far as it is used. */
function evmProvider(pairing: Pick<Pairing, "sign">, accounts: readonly Account[]) {
  const [first] = accounts;
  return {
    async request({
      method,
      params = [],
    }: {
      readonly method: string;
      readonly params?: readonly unknown[];
    }): Promise<unknown> {
      if (method === "eth_chainId") return `0x${Number(first?.chain.split(":")[1]).toString(16)}`;
      if (method !== "personal_sign") return accounts.map(({ address }) => address);
      const chain = accounts.find(({ address }) => address === params[1])?.chain ?? first?.chain ?? "";
      return pairing.sign(chain, "personal_sign", params);
    },
  };
}

/** Wallet Standard, as far as it is used. */
function solanaWallet(pairing: Pick<Pairing, "sign">, accounts: readonly Account[], name: string) {
  const shown = accounts.map(({ address, chain }) => ({ address, chains: [chain] }));
  return {
    name,
    icon: "",
    chains: ["solana:mainnet"],
    accounts: shown,
    features: {
      "standard:connect": { connect: async () => ({ accounts: shown }) },
      "solana:signMessage": {
        async signMessage({ account, message }: { account: (typeof shown)[0]; message: Uint8Array }) {
          const params = { message: toBase58(message), pubkey: account.address };
          const reply = await pairing.sign(account.chains[0] ?? "", "solana_signMessage", params);
          const signature = fromBase58((reply as { readonly signature?: unknown } | null)?.signature);
          return signature ? [{ signedMessage: message, signature }] : [];
        },
      },
    },
  };
}
