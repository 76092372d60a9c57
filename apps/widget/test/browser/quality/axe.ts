/** Points 11 and 12: nothing that axe-core finds, in any view, theme, language or customer's colour. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { contrast, parseColour } from "@kryptos_connect/ui/theme/colour.js";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame } from "playwright-core";
import { describe, expect } from "vitest";
import type { Language } from "../../../src/contracts.js";
import { type Look, SCHEMES, type Scheme, type Shown, type Stage, test } from "./stage.js";
import { MAIN_VIEWS, VIEWS, type View } from "./views.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const EVERYTHING: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
const CONTRAST: RunOptions = { runOnly: ["color-contrast"] };

/** As customers choose them: bright, the SDK's own, and the worst there are. */
const COLOURS = ["#00c693", "#8b5cf6", "#ffff00", "#ffffff", "#000000", "#7f1d1d"];
const OTHER_LANGUAGES: readonly Language[] = ["fr", "pt", "sv", "es", "pl", "it"];

const LEAST_FOR_SHAPES = 3;

/** What is found, in words: rule, element, reason. */
async function violations(frame: Frame, options: RunOptions): Promise<readonly string[]> {
  await frame.evaluate(AXE);
  const { violations: found } = await frame.evaluate(
    (given) =>
      (window as unknown as { axe: { run(what: Document, how: RunOptions): Promise<AxeResults> } }).axe.run(
        document,
        { ...given, resultTypes: ["violations"] },
      ),
    options,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
  );
}

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

interface Edge {
  readonly what: string;
  readonly colour: string;
  readonly ground: string;
}

/** The lines that say where to press and type: borders of fields and boxes, lone icons, the ring of the focus. */
function edges(): readonly Edge[] {
  const groundOf = (element: Element): string => {
    for (let at: Element | null = element.parentElement; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)" && colour !== "transparent") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const edge = (element: Element, colour: string): Edge => ({
    what: element.outerHTML.slice(0, 120),
    colour,
    ground: groundOf(element),
  });
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const found = all(".input, .button-secondary, .chain-chip").map((each) =>
    edge(each, getComputedStyle(each).borderBlockStartColor),
  );
  found.push(
    ...all(".icon-button .icon, .row-trailing .icon").map((each) =>
      edge(each, getComputedStyle(each).stroke),
    ),
  );
  for (const each of all("button:not(:disabled), input, summary, a[href]")) {
    if (each.closest("dialog") === null && document.querySelector("dialog[open]")) continue;
    each.blur(); // whatever has the focus by a click shows no ring
    each.focus({ focusVisible: true } as FocusOptions);
    const { outlineColor, outlineStyle, outlineWidth } = getComputedStyle(each);
    if (document.activeElement === each)
      found.push({
        ...edge(each, outlineStyle === "none" || outlineWidth === "0px" ? groundOf(each) : outlineColor),
      });
  }
  return found;
}

async function faintEdges({ frame }: Shown): Promise<readonly string[]> {
  const found = await frame.evaluate(edges);
  expect(found.length).toBeGreaterThan(0);
  return found.flatMap(({ what, colour, ground }) => {
    const [front, back] = [parseColour(colour), parseColour(ground)];
    if (!front || !back) return [`${what}: ${colour} on ${ground} is no colour`];
    const ratio = contrast(front, back);
    return ratio < LEAST_FOR_SHAPES ? [`${what}: ${colour} on ${ground} is ${ratio.toFixed(2)}`] : [];
  });
}

describe("axe finds nothing", () => {
  test("in every view, light and dark: en; and fields, icons and the focus stand out", async ({ stage }) => {
    const find = async (shown: Shown) => [
      ...(await violations(shown.frame, EVERYTHING)),
      ...(await faintEdges(shown)),
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
        ...(await faintEdges(shown)),
      ];
      expect(await inViews(stage, MAIN_VIEWS, look, find)).toEqual([]);
    });
});
