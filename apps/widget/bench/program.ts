/** How fast the widget is for a person: from the click to the first screen, and at each key of a search. */

import { launchBrowser } from "../test/browser/support/browser.js";
import { measureOpenings, type Openings } from "./openings.js";
import type { Searchable } from "./pages/searching.js";
import { Pages } from "./pages.js";
import { measureSearches, type Searches } from "./searches.js";
import { RATE, requireSlowdown } from "./throttle.js";

/** What is measured, on which server. */
export interface Task {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the host's page is served: the client's registered origin has it. */
  readonly port: number;
  readonly samples: number;
  readonly providers: readonly Searchable[];
}

interface Measured {
  /** How many times slower the browser was told to be. */
  readonly rate: number;
  /** How much longer the same work took in a slowed frame than in one that is not. */
  readonly slowdown: number;
  readonly openings: Openings;
  readonly searches: Searches;
}

export async function measure(task: Task): Promise<Measured> {
  const pages = await Pages.serve(task);
  const browser = await launchBrowser();
  try {
    return {
      rate: RATE,
      slowdown: await requireSlowdown(browser, pages),
      openings: await measureOpenings(browser, pages, task.samples),
      searches: await measureSearches(browser, pages, task.providers),
    };
  } finally {
    await browser.close();
    await pages.close();
  }
}
