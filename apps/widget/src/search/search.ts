/** Search: what a person types, found among all providers in spite of typing errors. Pure, and without a wait. */

import { allowedErrors, errorsBetween } from "./typos.js";

/** What a provider is found by. */
export interface Searchable {
  readonly id: string;
  readonly publicName: string;
  readonly symbol: string | null;
  readonly aliases: readonly string[];
  readonly rank: number | null;
  readonly isWorking: boolean;
  /** The number of an EVM chain (EIP-155). */
  readonly communityId?: number;
}

/** A provider with its names folded once, so that each key pressed costs comparisons alone. */
interface Entry<T> {
  readonly item: T;
  /** Whole names without spaces: the public name and the id. */
  readonly titles: readonly string[];
  readonly titleWords: readonly string[];
  readonly aliases: readonly string[];
  /** The words of titles and aliases. */
  readonly words: readonly string[];
  /** `tw` for Trust Wallet. */
  readonly initials: string;
  readonly symbol: string;
  readonly chainNumber: string;
}

export type SearchIndex<T> = readonly Entry<T>[];

/** How well an entry fits, the best first; errors are added to the last. */
const EXACT = 0;
const SYMBOL = 1;
const PREFIX = 2;
const WORD = 3;
const ALIAS = 4;
const PART = 5;
const TYPO = 6;

const LONGEST_QUERY = 100;
const MOST_WORDS = 8;

/** Fold the names of all providers, in the order in which equals are to be found: the most popular first. */
export function indexProviders<T extends Searchable>(providers: readonly T[]): SearchIndex<T> {
  return [...providers].sort(byPopularity).map(entryOf);
}

/** The providers that a text can mean, the likeliest first; of equals, those that work and the popular first. */
export function search<T extends Searchable>(index: SearchIndex<T>, text: string): readonly T[] {
  const words = wordsOf(text.slice(0, LONGEST_QUERY)).slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  const whole = words.join("");
  return index
    .map((entry) => ({ entry, fit: fitOf(entry, whole, words) }))
    .filter((each): each is { entry: Entry<T>; fit: number } => each.fit !== null)
    .sort((one, other) => one.fit - other.fit) // stable: equals stay in the order of the index
    .map((each) => each.entry.item);
}

/** Working providers first, then by rank, then by name. */
export function byPopularity(one: Searchable, other: Searchable): number {
  return (
    Number(other.isWorking) - Number(one.isWorking) ||
    (one.rank ?? Number.MAX_SAFE_INTEGER) - (other.rank ?? Number.MAX_SAFE_INTEGER) ||
    one.publicName.localeCompare(other.publicName)
  );
}

/** A text's words, without accents and capitals. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function entryOf<T extends Searchable>(item: T): Entry<T> {
  const titles = [item.publicName, item.id].map(wordsOf);
  const aliases = item.aliases.map(wordsOf);
  return {
    item,
    titles: titles.map((each) => each.join("")),
    // Two words may be typed as one: whole names count as words as well.
    titleWords: wordsAndWholes(titles),
    aliases: aliases.map((each) => each.join("")),
    words: wordsAndWholes([...titles, ...aliases]),
    initials: wordsOf(item.publicName)
      .map((word) => word[0])
      .join(""),
    symbol: wordsOf(item.symbol ?? "").join(""),
    chainNumber: item.communityId === undefined ? "" : String(item.communityId),
  };
}

function wordsAndWholes(names: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(names.flatMap((words) => [...words, words.join("")]))];
}

function fitOf<T>(entry: Entry<T>, whole: string, words: readonly string[]): number | null {
  if (entry.titles.includes(whole) || entry.aliases.includes(whole)) return EXACT;
  if (entry.symbol === whole || entry.chainNumber === whole) return SYMBOL;
  if (entry.titles.some((title) => title.startsWith(whole))) return PREFIX;
  if (allBegin(words, entry.titleWords)) return WORD;
  const isInitials = whole.length > 1 && entry.initials === whole;
  if (isInitials || entry.symbol.startsWith(whole) || allBegin(words, entry.words)) return ALIAS;
  if (whole.length > 2 && [...entry.titles, ...entry.aliases].some((name) => name.includes(whole)))
    return PART;
  const errors = errorsOf(words, entry.words);
  return errors === null ? null : TYPO + errors;
}

function allBegin(typed: readonly string[], words: readonly string[]): boolean {
  return typed.every((each) => words.some((word) => word.startsWith(each)));
}

/** The fewest errors with which every typed word is the beginning of one of the words. */
function errorsOf(typed: readonly string[], words: readonly string[]): number | null {
  let sum = 0;
  for (const each of typed) {
    const allowed = allowedErrors(each);
    let fewest: number | null = null;
    for (const word of words) {
      const errors = errorsBetween(each, word, fewest === null ? allowed : fewest - 1);
      if (errors !== null) fewest = errors;
      if (fewest === 0) break;
    }
    if (fewest === null) return null;
    sum += fewest;
  }
  return sum;
}
