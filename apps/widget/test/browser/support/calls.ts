/** What the host page's callbacks were given, in order. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import type { Call } from "../fixtures/recording.js";

export function calls(page: Page): Promise<readonly Call[]> {
  return page.evaluate(() => window.__calls);
}

/** Wait for the end of an opening; give its one callback, after time enough for a second one to arrive. */
export async function onlyCall(page: Page): Promise<Call> {
  await page.waitForFunction(() => window.__calls.length > 0);
  await settled(page);
  const all = await calls(page);
  expect(all).toHaveLength(1);
  return all[0] as Call;
}

/** Let everything that is under way in the page run its course: frames drawn, tasks done. */
export function settled(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve));
    }
  });
}
