/** Connects one address of a wallet: proven first, if the person wants that. */

import type { Connect, Connection, Host, HostWallet, NewConnection, Provider } from "../../contracts.js";
import { byPopularity, wordsOf } from "../../search/search.js";
import { MOST_CHAINS } from "../connecting/chains.js";
import type { Lookup } from "../connecting/use-lookup.js";
import { askWallet } from "./asking.js";

export interface WalletAccount {
  readonly wallet: HostWallet;
  readonly address: string;
  /** The chain on which the wallet stands (EIP-155). */
  readonly chainId: number | undefined;
}

/** What a chain's row has besides, by which a wallet names it. */
type ProviderRow = Provider & { readonly communityId?: number };

/** The chains to connect: those found; otherwise the one on which the wallet stands, or the best known. */
export function chainsToConnect(
  account: WalletAccount,
  lookup: Lookup,
  providers: readonly ProviderRow[],
): readonly string[] {
  const found = lookup.state === "found" ? (lookup.detected?.chains ?? []) : [];
  if (found.length > 0) return found.map((each) => each.id).slice(0, MOST_CHAINS);
  const possible = providers
    .filter(
      (each) => each.type === "blockchain" && each.isWorking && each.families.includes(account.wallet.family),
    )
    .sort(byPopularity);
  const standing = possible.find(
    (each) => each.communityId !== undefined && each.communityId === account.chainId,
  );
  const only = standing ?? possible[0];
  return only ? [only.id] : [];
}

/** The wallet's own row in the list, if it has one; otherwise its chain's. */
export function providerFor(
  wallet: HostWallet,
  chains: readonly string[],
  providers: readonly Provider[],
): string | undefined {
  const named = (text: string) =>
    wordsOf(text)
      .filter((word) => word !== "wallet")
      .join("");
  const own = providers.find(
    (each) =>
      each.type === "wallet" &&
      each.isWorking &&
      each.families.includes(wallet.family) &&
      [each.publicName, ...each.aliases].some((name) => named(name) === named(wallet.name)),
  );
  return own?.id ?? chains[0];
}

/** Who asks the wallet, and the origin for which it signs: the host's, if none is named. */
export interface Asker {
  readonly host: Pick<Host, "ask">;
  readonly origin?: string;
}

/** Connect the account; throws what the wallet or the API throws. */
export async function connectOne(
  api: Connect["api"],
  { host, origin }: Asker,
  account: WalletAccount,
  chosen: { readonly provider: string; readonly chains: readonly string[]; readonly isProven: boolean },
): Promise<Connection> {
  const { wallet, address, chainId } = account;
  const connection: NewConnection = { provider: chosen.provider, address, chains: chosen.chains };
  if (!chosen.isProven) return api.connect(connection);
  const { message } = await api.challenge(wallet.family, address, chainId, ...(origin ? [origin] : []));
  const proof = await askWallet(host, "wallet.prove", { wallet: wallet.id, address, message });
  return api.connect({ ...connection, proof });
}
