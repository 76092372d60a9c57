/** Types queries key by key into the widget's search, beside a bare scan and a textbook's, each in turn. */

import { indexProviders, type Searchable, search, wordsOf } from "../../src/search/search.js";
import { allowedErrors } from "../../src/search/typos.js";

export type { Searchable };

/** Milliseconds of each key of one query. */
export interface Keys {
  readonly ours: number[];
  readonly includes: number[];
  readonly levenshtein: number[];
}

declare global {
  interface Window {
    typeQueries(providers: readonly Searchable[], queries: readonly string[]): Promise<readonly Keys[]>;
  }
}

window.typeQueries = async (providers, queries) => {
  if (!crossOriginIsolated) throw new Error("the page is not isolated: its clock is too coarse for one key");
  const index = indexProviders(providers);
  const folded = providers.map(wordsOfProvider);
  const texts = folded.map((words) => words.join(" "));
  const all: Keys[] = [];
  for (const query of queries) {
    const keys: Keys = { ours: [], includes: [], levenshtein: [] };
    for (let length = 1; length <= query.length; length += 1) {
      const typed = query.slice(0, length);
      await new Promise(requestAnimationFrame); // each key is a task of its own, as it is for a person
      keys.ours.push(timed(() => search(index, typed)));
      keys.includes.push(timed(() => texts.filter((text) => text.includes(typed))));
      keys.levenshtein.push(timed(() => folded.filter((words) => isNear(typed, words))));
    }
    all.push(keys);
  }
  return all;
};

function wordsOfProvider({ id, publicName, symbol, aliases }: Searchable): readonly string[] {
  return [publicName, id, symbol ?? "", ...aliases].flatMap(wordsOf);
}

function timed(work: () => readonly unknown[]): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function isNear(typed: string, words: readonly string[]): boolean {
  return words.some((word) => distance(typed, word) <= allowedErrors(typed));
}

/** Wagner and Fischer's whole table, without a bound: as textbooks have it. */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1;
      line.push(
        Math.min((above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (above[column - 1] ?? 0) + cost),
      );
    }
    above = line;
  }
  return above[other.length] ?? 0;
}
