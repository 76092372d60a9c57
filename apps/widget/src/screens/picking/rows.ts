/** Which rows the picker shows, in which sections: pure, from the list of providers and what was typed. */

import { type Recognised, recognise } from "../../addresses/recognise.js";
import type { Connection, HostWallet, Provider, Providers, TestAccount } from "../../contracts.js";
import { byPopularity, indexProviders, type SearchIndex, search } from "../../search/search.js";

export type Category = "all" | "exchange" | "blockchain" | "wallet";

export const CATEGORIES: readonly Category[] = ["all", "exchange", "blockchain", "wallet"];

export type PickerRow =
  | { readonly kind: "address"; readonly key: string; readonly text: string; readonly isName: boolean }
  | { readonly kind: "test"; readonly key: string; readonly account: TestAccount }
  | { readonly kind: "browser"; readonly key: string; readonly wallets: readonly HostWallet[] }
  | { readonly kind: "walletconnect"; readonly key: string }
  | { readonly kind: "provider"; readonly key: string; readonly provider: Provider };

export interface Section {
  readonly id: "address" | "test" | "browser" | "phone" | "used" | "popular" | "others" | "not_yet" | "found";
  readonly rows: readonly PickerRow[];
}

/** Everything that does not depend on what is typed, worked out once. */
export interface Stock {
  readonly providers: SearchIndex<Provider>;
  readonly accounts: SearchIndex<TestAccountEntry>;
  readonly offered: Providers;
}

interface TestAccountEntry {
  readonly id: string;
  readonly publicName: string;
  readonly symbol: null;
  readonly aliases: readonly string[];
  readonly rank: number;
  readonly isWorking: true;
  readonly account: TestAccount;
}

const MOST_POPULAR = 12;
/** With so few there is nothing to sort into popular ones and others. */
const FEW = 20;

export function stockOf(offered: Providers): Stock {
  return {
    providers: indexProviders(offered.providers),
    accounts: indexProviders(
      offered.test_accounts.map((account, at) => ({
        id: account.persona,
        publicName: account.name,
        symbol: null,
        aliases: [account.provider],
        rank: at,
        isWorking: true,
        account,
      })),
    ),
    offered,
  };
}

/** How many providers each tab has. */
export function countsOf({ offered }: Stock): Readonly<Record<Category, number>> {
  const count = (category: Category) => offered.providers.filter((each) => isIn(category, each)).length;
  return {
    all: count("all"),
    exchange: count("exchange"),
    blockchain: count("blockchain"),
    wallet: count("wallet"),
  };
}

export interface Question {
  readonly category: Category;
  readonly query: string;
  readonly wallets: readonly HostWallet[];
  readonly hasWalletConnect: boolean;
  readonly used: readonly Connection[];
}

/** The sections to show; none is empty. */
export function sectionsFor(stock: Stock, question: Question): readonly Section[] {
  const sections = question.query.trim() === "" ? browsing(stock, question) : found(stock, question);
  return sections.filter((each) => each.rows.length > 0);
}

/** All rows in the order in which they are shown. */
export function rowsOf(sections: readonly Section[]): readonly PickerRow[] {
  return sections.flatMap((each) => each.rows);
}

/** The first so many rows, in their sections. */
export function cut(sections: readonly Section[], shown: number): readonly Section[] {
  let left = shown;
  return sections.flatMap((section) => {
    const rows = section.rows.slice(0, left);
    left -= rows.length;
    return rows.length > 0 ? [{ ...section, rows }] : [];
  });
}

/** Whether a row can be chosen. */
export function isOpen(row: PickerRow): boolean {
  return row.kind !== "provider" || row.provider.isWorking;
}

function browsing(stock: Stock, question: Question): readonly Section[] {
  const { category, wallets, used } = question;
  const all = stock.offered.providers.filter((each) => isIn(category, each)).sort(byPopularity);
  const working = all.filter((each) => each.isWorking);
  const usedIds = new Set(used.map((each) => each.provider));
  const fresh = working.filter((each) => !usedIds.has(each.id));
  const popular =
    fresh.length <= FEW ? [] : fresh.filter((each) => each.rank !== null).slice(0, MOST_POPULAR);
  const others = fresh.filter((each) => !popular.includes(each));
  const hasBrowser = wallets.length > 0 && isForWallets(category);
  return [
    { id: "test", rows: category === "all" ? stock.offered.test_accounts.map(testRow) : [] },
    { id: "browser", rows: hasBrowser ? [{ kind: "browser", key: "browser", wallets }] : [] },
    { id: "phone", rows: question.hasWalletConnect && isForWallets(category) ? [WALLETCONNECT] : [] },
    { id: "used", rows: working.filter((each) => usedIds.has(each.id)).map(providerRow) },
    { id: "popular", rows: popular.map(providerRow) },
    { id: "others", rows: others.sort(byName).map(providerRow) },
    {
      id: "not_yet",
      rows: all
        .filter((each) => !each.isWorking)
        .sort(byName)
        .map(providerRow),
    },
  ];
}

function found(stock: Stock, { category, query, hasWalletConnect }: Question): readonly Section[] {
  const providers = search(stock.providers, query).filter((each) => isIn(category, each));
  const accounts = category === "all" ? search(stock.accounts, query).map((each) => each.account) : [];
  return [
    { id: "address", rows: addressRows(recognise(query)) },
    { id: "test", rows: accounts.map(testRow) },
    {
      id: "phone",
      rows: hasWalletConnect && isForWallets(category) && isItsName(query) ? [WALLETCONNECT] : [],
    },
    { id: "found", rows: providers.map(providerRow) },
  ];
}

function addressRows(recognised: Recognised): readonly PickerRow[] {
  if (recognised.kind === "address")
    return [{ kind: "address", key: "address", text: recognised.address, isName: false }];
  if (recognised.kind === "name")
    return [{ kind: "address", key: "address", text: recognised.name, isName: true }];
  return [];
}

const WALLETCONNECT: PickerRow = { kind: "walletconnect", key: "walletconnect" };
const FEWEST_LETTERS = 3;

function isForWallets(category: Category): boolean {
  return category === "all" || category === "wallet";
}

function isItsName(query: string): boolean {
  const letters = query.toLowerCase().replace(/[^a-z]/g, "");
  return letters.length >= FEWEST_LETTERS && "walletconnect".startsWith(letters);
}

function isIn(category: Category, provider: Provider): boolean {
  return category === "all" || provider.type === category;
}

function byName(one: Provider, other: Provider): number {
  return one.publicName.localeCompare(other.publicName);
}

function providerRow(provider: Provider): PickerRow {
  return { kind: "provider", key: provider.id, provider };
}

function testRow(account: TestAccount): PickerRow {
  return { kind: "test", key: `test-${account.persona}`, account };
}
