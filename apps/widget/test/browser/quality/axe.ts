/** Points 11 and 12: nothing that axe-core finds, in any view, theme, language or customer's colour. */

import type { RunOptions } from "axe-core";
import { describe, expect } from "vitest";
import { CONTRAST, EVERYTHING, faintEdges, violations } from "../../../../ui/test/browser/inspections.js";
import type { Language } from "../../../src/contracts.js";
import { type Look, SCHEMES, type Scheme, type Shown, type Stage, test } from "./stage.js";
import { MAIN_VIEWS, VIEWS, type View } from "./views.js";

/** As customers choose them: bright, the SDK's own, and the worst there are. */
const COLOURS = ["#00c693", "#8b5cf6", "#ffff00", "#ffffff", "#000000", "#7f1d1d"];
const OTHER_LANGUAGES: readonly Language[] = ["fr", "pt", "sv", "es", "pl", "it"];

/** Look at a view in both themes; what is wrong is told with where. */
async function inBothThemes(
  stage: Stage,
  view: View,
  look: Look,
  find: (shown: Shown, scheme: Scheme) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  await using shown = await stage.open(view, look);
  const found: string[] = [];
  for (const scheme of SCHEMES) {
    await shown.turn(scheme);
    const where = `${view.name}, ${scheme}, ${look.language ?? "en"} ${JSON.stringify(look.config ?? {})}`;
    found.push(...(await find(shown, scheme)).map((what) => `${where}: ${what}`));
  }
  return found;
}

function inViews(
  stage: Stage,
  views: readonly View[],
  look: Look,
  find: (shown: Shown, scheme: Scheme) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return stage.overViews(views, (view) => inBothThemes(stage, view, look, find));
}

const byAxe =
  (options: RunOptions) =>
  ({ frame }: Shown) =>
    violations(frame, options);

describe("axe finds nothing", () => {
  test("in every view, light and dark: en; and fields, icons and the focus stand out", async ({ stage }) => {
    const find = async (shown: Shown) => [
      ...(await violations(shown.frame, EVERYTHING)),
      ...(await faintEdges(shown.frame)),
    ];
    expect(await inViews(stage, VIEWS, {}, find)).toEqual([]);
  });

  test("in every view, light and dark: de", async ({ stage }) => {
    expect(await inViews(stage, VIEWS, { language: "de" }, byAxe(EVERYTHING))).toEqual([]);
  });

  for (const language of OTHER_LANGUAGES)
    test(`in the main views, light and dark: ${language}`, async ({ stage }) => {
      expect(await inViews(stage, MAIN_VIEWS, { language }, byAxe(EVERYTHING))).toEqual([]);
    });

  test("in the host's page with the dialog open", async ({ stage }) => {
    await using shown = await stage.open(MAIN_VIEWS[0] as View);
    const [own] = shown.page.frames();
    // The host page's own faults are not the dialog's.
    const found = own
      ? await violations(own, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] })
      : ["no page"];
    expect(found).toEqual([]);
  });

  test("in the page that says why the widget was refused", async ({ demo, page }) => {
    for (const theme of SCHEMES) {
      await page.goto(
        `${demo.baseUrl}/connect?v=1&client_id=${demo.facts.client_id}&origin=https://x.example&theme=${theme}`,
      );
      expect(await violations(page.mainFrame(), EVERYTHING)).toEqual([]);
    }
  });

  test("can be found: a text that is too faint is told", async ({ stage }) => {
    await using shown = await stage.open(MAIN_VIEWS[0] as View);
    await shown.frame.evaluate(() => document.querySelector("h1")?.style.setProperty("color", "#ddd"));
    expect(await violations(shown.frame, CONTRAST)).toEqual([expect.stringContaining("color-contrast")]);
  });
});

describe("a customer's colour", () => {
  for (const colour of COLOURS)
    test(`${colour}: every text can be read, every field and focus be seen`, async ({ stage }) => {
      const look = { config: { cssVars: { "--kc-primary": colour } } };
      const find = async (shown: Shown) => [
        ...(await violations(shown.frame, CONTRAST)),
        ...(await faintEdges(shown.frame)),
      ];
      expect(await inViews(stage, MAIN_VIEWS, look, find)).toEqual([]);
    });
});
