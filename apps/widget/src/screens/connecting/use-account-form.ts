/** What the form of an address knows and does; how it looks is the form's own business. */

import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useLayoutEffect, useState } from "preact/hooks";
import { recognise } from "../../addresses/recognise.js";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Detected, NewConnection, Provider } from "../../contracts.js";
import { type ChainChoice, chainsOf, isOnSeveralChains, preselected, providerOf } from "./chains.js";
import { useConnecting } from "./use-connecting.js";
import { type Lookup, type Target, useLookup } from "./use-lookup.js";

/** What the page itself finds wrong, before it asks anybody. */
export type Problem =
  | "missing"
  | "not-address"
  | "private-key"
  | "recovery-phrase"
  | "other-family"
  | "no-chains";

export interface Start {
  /** Null where an address was pasted without choosing a provider. */
  readonly provider: Provider | null;
  readonly providers: readonly Provider[];
  readonly text: string;
}

export interface AccountForm {
  readonly text: string;
  readonly alias: string;
  readonly families: readonly string[];
  readonly lookup: Lookup;
  /** Every chain that can be chosen by hand. */
  readonly chains: readonly ChainChoice[];
  readonly chosen: readonly string[];
  readonly problem: Problem | null;
  /** Why connecting failed. */
  readonly failure: ApiFailure | null;
  /** What the server found wrong with the address, when it looked it up or when it was to connect it. */
  readonly addressFailure: ApiFailure | null;
  readonly picksChains: boolean;
  type(text: string): void;
  name(alias: string): void;
  choose(chains: readonly string[]): void;
  lookAgain(): void;
  /** `wallet` keeps a pasted address under a wallet's name. */
  submit(wallet?: string): Promise<void>;
}

export function useAccountForm({ provider, providers, text: start }: Start): AccountForm {
  const { config, guard } = useConnect();
  const connecting = useConnecting();
  const startAlias = config.prefill.accountName ?? "";
  const [text, setText] = useState(start);
  const [alias, setAlias] = useState(startAlias);
  const [isPressed, setPressed] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const own = provider?.type === "blockchain" ? provider.id : null;

  const { families, target, problem: found } = read(provider, text);
  const [lookup, lookAgain] = useLookup(target);
  const picksChains = target?.detects ?? false;
  const chains = chainsOf(providers, families);

  // Chains chosen by hand belong to the address for which they were chosen.
  const [byHand, setByHand] = useState<{ readonly of: string; readonly chains: readonly string[] } | null>(
    null,
  );
  const of = target?.text ?? "";
  const bySelf = picksChains ? preselected(own, detectedIn(lookup)) : ownOrOnly(own, chains);
  const chosen = byHand?.of === of ? byHand.chains : bySelf;
  const addressFailure = [failure, failureIn(lookup)].find(isAboutAddress) ?? null;
  const lacksChains = picksChains && chosen.length === 0 && lookup.state !== "looking" && !addressFailure;
  const problem = found ?? (lacksChains ? "no-chains" : null);

  const isDirty = text.trim() !== start.trim() || alias !== startAlias;
  // Not after the next picture: the browser's back may come before it.
  useLayoutEffect(() => (isDirty ? guard() : undefined), [isDirty]);

  const change =
    <T>(put: (value: T) => void) =>
    (value: T) => {
      setFailure(null);
      setPressed(false);
      put(value);
    };

  const submit = async (wallet?: string) => {
    setPressed(true);
    const id = provider?.id ?? wallet ?? providerOf(chains, chosen);
    const address = lookup.state === "found" || lookup.state === "failed" ? lookup.address : null;
    if (lookup.state === "failed" && address === null) lookAgain();
    if (problem !== null || id === null || address === null) return;
    setFailure(null);
    try {
      await connecting(accountOf(id, address, picksChains ? chosen : null, alias));
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  };

  return {
    text,
    alias,
    families,
    lookup,
    chains,
    chosen,
    // A secret is told at once; what is only unfinished, when the person says that it is done.
    problem: isPressed || isUrgent(problem) ? problem : null,
    failure,
    addressFailure,
    picksChains,
    type: change(setText),
    name: change(setAlias),
    choose: change((ids: readonly string[]) => setByHand({ of, chains: ids })),
    lookAgain,
    submit,
  };
}

const ABOUT_ADDRESS: readonly string[] = [
  "ADDRESS_INVALID",
  "SANDBOX_ADDRESS_NOT_ALLOWED",
  "NAME_NOT_FOUND",
  "NAME_NOT_SUPPORTED",
];

function isAboutAddress(failure: ApiFailure | null): boolean {
  return failure !== null && (ABOUT_ADDRESS.includes(failure.code) || failure.fields.includes("address"));
}

function detectedIn(lookup: Lookup): Detected | null {
  return lookup.state === "found" ? lookup.detected : null;
}

function failureIn(lookup: Lookup): ApiFailure | null {
  return lookup.state === "failed" ? lookup.failure : null;
}

function ownFamilies(provider: Provider, families: readonly string[]): readonly string[] {
  return families.length === 0
    ? provider.families
    : families.filter((each) => provider.families.includes(each));
}

function isUrgent(problem: Problem | null): boolean {
  return problem === "private-key" || problem === "recovery-phrase" || problem === "other-family";
}

function ownOrOnly(own: string | null, chains: readonly ChainChoice[]): readonly string[] {
  if (own !== null) return [own];
  return chains.length === 1 ? chains.map((each) => each.id) : [];
}

function accountOf(
  provider: string,
  address: string,
  chains: readonly string[] | null,
  alias: string,
): NewConnection {
  const name = alias.trim();
  return { provider, address, ...(chains && { chains }), ...(name && { alias: name }) };
}

interface Reading {
  readonly families: readonly string[];
  readonly target: Target | null;
  readonly problem: Problem | null;
}

/** What a typed text means for a provider. */
function read(provider: Provider | null, text: string): Reading {
  const wrong = (problem: Problem): Reading => ({ families: [], target: null, problem });
  if (text.trim() === "") return wrong("missing");
  const recognised = recognise(text);
  if (recognised.kind === "secret") return wrong(recognised.secret);
  if (recognised.kind === "words") return wrong("not-address");
  const families: readonly string[] = recognised.kind === "name" ? ["evm"] : recognised.families;
  const isOther =
    provider && families.length > 0 && !families.some((each) => provider.families.includes(each));
  if (isOther) return { families, target: null, problem: "other-family" };
  const [kind, meant] =
    recognised.kind === "name"
      ? (["name", recognised.name] as const)
      : (["address", recognised.address] as const);
  return {
    families: provider ? ownFamilies(provider, families) : families,
    target: { kind, text: meant, detects: isOnSeveralChains(provider, families) },
    problem: null,
  };
}
