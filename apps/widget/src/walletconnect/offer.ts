/** Whether WalletConnect is offered, and what a wallet is asked for: addresses, and the signing of texts. Nothing else. */

import type { Connect, Provider } from "../contracts.js";
import { byPopularity } from "../search/search.js";
import type { PairAsked } from "./messages.js";

export interface Offer {
  readonly projectId: string;
  readonly relayUrl: string;
}

/** The app's own project counts; a hosted page has no app around it, so there the operator's does. */
export function offerOf({
  config,
  host,
  session,
}: Pick<Connect, "config" | "host" | "session">): Offer | null {
  const { walletconnect } = session;
  const operators = host.kind === "page" ? walletconnect?.project_id : null;
  const projectId = config.walletConnectProjectId ?? operators;
  return walletconnect && projectId ? { projectId, relayUrl: walletconnect.relay_url } : null;
}

/** An address of EVM chains is the same on all: wallets are asked for the best known ones, and longer lists they refuse. */
const MOST_CHAINS = 16;
const SOLANA = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"; // CAIP-2, the main network

type ProviderRow = Provider & { readonly communityId?: number };

export function namespacesOf(providers: readonly ProviderRow[]): PairAsked["namespaces"] {
  const working = providers.filter((each) => each.type === "blockchain" && each.isWorking);
  const evm = working
    .filter((each) => each.isEVM && each.communityId !== undefined)
    .sort(byPopularity)
    .slice(0, MOST_CHAINS)
    .map((each) => `eip155:${each.communityId}`);
  const hasSolana = working.some((each) => each.families.includes("solana"));
  return {
    ...(evm.length > 0 && { eip155: { chains: evm, method: "personal_sign" } }),
    ...(hasSolana && { solana: { chains: [SOLANA], method: "solana_signMessage" } }),
  };
}
