/** On which chains an account is connected: what was found, what was chosen, and what else there is. */

import type { Detected, Provider } from "../../contracts.js";
import { byPopularity } from "../../search/search.js";

/** What a chain is shown by. */
export interface ChainChoice {
  readonly id: string;
  readonly name: string;
  readonly logo: string | null;
}

/** The server connects no more at once. */
export const MOST_CHAINS = 50;

/** All chains of some families that can be connected, the best known first; of all families if none is named. */
export function chainsOf(
  providers: readonly Provider[],
  families: readonly string[],
): readonly ChainChoice[] {
  return providers
    .filter((each) => each.type === "blockchain" && each.isWorking)
    .filter((each) => families.length === 0 || families.some((family) => each.families.includes(family)))
    .sort(byPopularity)
    .map((each) => ({ id: each.id, name: each.publicName, logo: each.logo }));
}

/** The chains that are chosen before the person says anything: the one picked, and those found. */
export function preselected(own: string | null, detected: Detected | null): readonly string[] {
  const found = detected?.chains.map((each) => each.id) ?? [];
  return [...new Set(own === null ? found : [own, ...found])].slice(0, MOST_CHAINS);
}

/** The chains shown as chips: the one picked, those found, and those added by hand. */
export function shownChains(
  all: readonly ChainChoice[],
  own: string | null,
  detected: Detected | null,
  chosen: readonly string[],
): readonly ChainChoice[] {
  const found: readonly ChainChoice[] = detected?.chains ?? [];
  const named = new Map([...all, ...found].map((each) => [each.id, each]));
  const ids = new Set([...(own === null ? [] : [own]), ...found.map((each) => each.id), ...chosen]);
  return [...ids].flatMap((id) => named.get(id) ?? []);
}

/** The provider under which an address is kept that was pasted without choosing one: its best known chain. */
export function providerOf(all: readonly ChainChoice[], chosen: readonly string[]): string | null {
  return all.find((each) => chosen.includes(each.id))?.id ?? chosen[0] ?? null;
}

/** Whether an account can be on several chains, so that they are looked for. */
export function isOnSeveralChains(provider: Provider | null, families: readonly string[]): boolean {
  if (provider?.type === "blockchain") return provider.isEVM;
  return families.length !== 1 || families[0] !== "solana";
}
