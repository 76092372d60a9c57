/** What each key of a search costs in the browser, over as many providers as the widget is designed for. */

import type { Browser } from "playwright-core";
import type { Keys, Searchable } from "./pages/searching.js";
import type { Pages } from "./pages.js";
import { throttle } from "./throttle.js";

const QUERIES = ["b", "bnb", "metmask", "etherium", `0x${"5a".repeat(20)}`];
const ENTRIES = 700;
const ROUNDS = 5;

type Rounds = { readonly [kind in keyof Keys]: number[][] };

export interface Searches {
  readonly entries: number;
  /** By query: the keys of each round. */
  readonly queries: Readonly<Record<string, Rounds>>;
}

/** Type all queries in a fresh page, round by round: the first keys find code that was never run, as a person's do. */
export async function measureSearches(
  browser: Browser,
  pages: Pages,
  providers: readonly Searchable[],
): Promise<Searches> {
  const entries = filled(providers);
  const rounds: (readonly Keys[])[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await type(browser, pages.searching, entries));
  const allOf = (at: number, kind: keyof Keys) => rounds.map((typed) => typed[at]?.[kind] ?? []);
  const queries = QUERIES.map((query, at): [string, Rounds] => [
    query,
    { ours: allOf(at, "ours"), includes: allOf(at, "includes"), levenshtein: allOf(at, "levenshtein") },
  ]);
  return { entries: entries.length, queries: Object.fromEntries(queries) };
}

async function type(browser: Browser, url: string, entries: readonly Searchable[]): Promise<readonly Keys[]> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await throttle(page);
    await page.goto(url);
    return await page.evaluate(([providers, queries]) => window.typeQueries(providers, queries), [
      entries,
      QUERIES,
    ] as const);
  } finally {
    await context.close();
  }
}

/** The catalogue's providers, and the first of them again under other ids until there are enough. */
function filled(providers: readonly Searchable[]): readonly Searchable[] {
  const again = providers.map((each) => ({ ...each, id: `${each.id}-again` }));
  return [...providers, ...again].slice(0, ENTRIES);
}
