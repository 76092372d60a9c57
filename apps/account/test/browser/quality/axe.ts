/** Nothing that axe-core finds, in any view, theme or language; lines and icons stand out; the policy is kept. */

import { describe, expect } from "vitest";
import { CONTRAST, EVERYTHING, faintEdges, violations } from "../../../../ui/test/browser/inspections.js";
import type { Language } from "../../../src/contracts.js";
import { type Look, SCHEMES, type Shown, type Stage, test } from "./stage.js";
import { MAIN_VIEWS, VIEWS, type View, viewNamed } from "./views.js";

const OTHER_LANGUAGES: readonly Language[] = ["fr", "pt", "sv", "es", "pl", "it"];

/** Look at views in both themes; what is wrong is told with where. */
function inViews(
  stage: Stage,
  views: readonly View[],
  look: Look,
  find: (shown: Shown, view: View) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return stage.overViews(views, async (view) => {
    await using shown = await stage.open(view, look);
    const found: string[] = [];
    for (const scheme of SCHEMES) {
      await shown.turn(scheme);
      const where = `${view.name}, ${scheme}, ${look.language ?? "en"}`;
      found.push(...(await find(shown, view)).map((what) => `${where}: ${what}`));
    }
    return [...found, ...shown.faults.map((what) => `${view.name}: ${what}`)];
  });
}

const byAxe = ({ page }: Shown) => violations(page, EVERYTHING);

/** While something is waited for there is nothing to press. */
const edges = ({ page }: Shown, view: View) => (view.name === "starting" ? [] : faintEdges(page));

describe("axe finds nothing", () => {
  test("in every view, light and dark: en; fields, icons and the focus stand out; no policy is broken", async ({
    stage,
  }) => {
    const find = async (shown: Shown, view: View) => [...(await byAxe(shown)), ...(await edges(shown, view))];
    expect(await inViews(stage, VIEWS, {}, find)).toEqual([]);
  });

  test("in every view, light and dark: de", async ({ stage }) => {
    expect(await inViews(stage, VIEWS, { language: "de" }, byAxe)).toEqual([]);
  });

  for (const language of OTHER_LANGUAGES)
    test(`in the main views, light and dark: ${language}`, async ({ stage }) => {
      expect(await inViews(stage, MAIN_VIEWS, { language }, byAxe)).toEqual([]);
    });

  test("can be found: a text that is too faint is told", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"));
    await shown.page.evaluate(() => document.querySelector("h1")?.style.setProperty("color", "#ddd"));
    expect(await violations(shown.page, CONTRAST)).toEqual([expect.stringContaining("color-contrast")]);
  });
});
