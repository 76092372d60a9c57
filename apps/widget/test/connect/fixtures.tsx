/** Providers, connections and failures that the tests of connecting share, and a context that remembers. */

import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { render } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import { vi } from "vitest";
import { ConnectProvider } from "../../src/app/connect.js";
import type { Connect, Connection, Detected, Provider, Providers, Stage } from "../../src/contracts.js";
import { fakeConnect, SESSION } from "../support/connect.js";

export const EVM = "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa";
export const SOLANA = "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1";
export const PRIVATE_KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";

export function provider(id: string, publicName: string, rest: Partial<Provider> = {}): Provider {
  return {
    id,
    publicName,
    logo: null,
    type: "blockchain",
    isWorking: true,
    isEVM: true,
    symbol: null,
    aliases: [],
    rank: null,
    families: ["evm"],
    health: null,
    ...rest,
  };
}

export const ETHEREUM = provider("ethereum", "Ethereum", { symbol: "ETH", aliases: ["eth"], rank: 2 });
export const METAMASK = provider("metamask", "MetaMask", {
  type: "wallet",
  rank: 4,
  families: ["evm", "solana", "utxo"],
});
export const OFFERED: Providers = {
  providers: [
    provider("bitcoin", "Bitcoin", { symbol: "BTC", isEVM: false, rank: 1, families: ["utxo"] }),
    ETHEREUM,
    provider("solana", "Solana", { symbol: "SOL", isEVM: false, rank: 3, families: ["solana"] }),
    METAMASK,
    provider("base", "Base", { symbol: "ETH", rank: 9 }),
    provider("linea", "Linea", { health: "troubled", rank: 24 }),
    provider("aeternity", "Aeternity", { isWorking: false }),
  ],
  test_accounts: [],
};
export const SANDBOX: Providers = {
  providers: OFFERED.providers.filter((each) => each.id === "ethereum" || each.id === "solana"),
  test_accounts: [
    {
      persona: "trader",
      name: "Trader",
      description: "Short trades.",
      provider: "ethereum",
      address: "0x33",
    },
    {
      persona: "saver",
      name: "Solana saver",
      description: "Stakes its coins.",
      provider: "solana",
      address: "2D",
    },
  ],
};
export const SANDBOX_SESSION = { ...SESSION, app: { ...SESSION.app, mode: "sandbox" as const } };

export function stage(name: string, rest: Partial<Stage> = {}): Stage {
  return { name, status: "ONGOING", code: null, message: null, chains_done: 0, chains_total: 1, ...rest };
}

export function connection(rest: Partial<Connection> = {}): Connection {
  return {
    wallet_id: "wallet_1",
    provider: "ethereum",
    address: EVM,
    chains: ["ethereum"],
    alias: null,
    persona: null,
    status: "ONGOING",
    code: null,
    message: null,
    stages: [stage("Balances"), stage("Transactions")],
    total_transactions: 0,
    added_at: "2030-01-01T00:00:00Z",
    last_synced_at: null,
    is_ownership_proven: false,
    ...rest,
  };
}

export function detected(
  found: readonly string[],
  unreachable: readonly string[] = [],
  looked = 40,
): Detected {
  const chain = (id: string) => ({
    id,
    name: OFFERED.providers.find((each) => each.id === id)?.publicName ?? id,
    chain_id: null,
    logo: null,
  });
  return { address: EVM, chains: found.map(chain), unreachable: unreachable.map(chain), looked };
}

export const failure = (code: string, rest: Partial<ApiError> = {}) =>
  new ApiError({ status: 400, ...rest, code });

/** Render a screen in a context whose list of connections is remembered, as the app's is. */
export function renderLive(screen: ComponentChild, given: Partial<Connect> = {}) {
  const connect = fakeConnect({ providers: async () => OFFERED, ...given });
  const latest: { current: readonly Connection[] } = { current: given.connected ?? [] };
  function App() {
    const [connected, setConnected] = useState(latest.current);
    latest.current = connected;
    const live: Connect = {
      ...connect,
      connected,
      putConnected: (one) =>
        setConnected((all) => [...all.filter((each) => each.wallet_id !== one.wallet_id), one]),
      removeConnected: (id) => setConnected((all) => all.filter((each) => each.wallet_id !== id)),
    };
    return <ConnectProvider value={live}>{screen}</ConnectProvider>;
  }
  return { connect, latest, ...render(<App />) };
}

/** Everything that an app or the record was told, as one text: to look for what must not be in it. */
export function toldBy(connect: Connect): string {
  return JSON.stringify(vi.mocked(connect.report).mock.calls);
}
