/** Small windows, zoom, fingers, longer words, the other direction, themes, no motion, no jumps. */

import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import common from "../../../../ui/src/i18n/messages/en/common.json" with { type: "json" };
import scopes from "../../../../ui/src/i18n/messages/en/scopes.json" with { type: "json" };
import {
  anyAnimations,
  longAnimations,
  overflows,
  smallTargets,
  unseen,
} from "../../../../ui/test/browser/inspections.js";
import { pseudoMessages } from "../../../../ui/test/support/pseudo.js";
import own from "../../../src/i18n/messages/en/account.json" with { type: "json" };
import { type Look, SCHEMES, type Shown, type Stage, test } from "./stage.js";
import { MAIN_VIEWS, VIEWS, type View, viewNamed } from "./views.js";

const NARROW = { width: 320, height: 640 };
/** What 200 % zoom leaves of a window of 1280 × 800. */
const ZOOMED = { width: 640, height: 400 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SMALLEST_TARGET = 44;

/** Serve a language that nobody speaks in the place of German. */
async function inPseudoLanguage(page: Page): Promise<void> {
  const parts = { common, scopes, account: own };
  for (const [part, messages] of Object.entries(parts))
    await page.route(`**/account/assets/${part}-*.js`, (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: `export default ${JSON.stringify(pseudoMessages(messages))}`,
      }),
    );
}

function inViews(
  stage: Stage,
  views: readonly View[],
  look: Look,
  find: (shown: Shown) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return stage.overViews(views, async (view) => {
    await using shown = await stage.open(view, look);
    return (await find(shown)).map((what) => `${view.name}: ${what}`);
  });
}

/** In each of the windows, what does not fit. */
async function misfits({ page }: Shown): Promise<readonly string[]> {
  const found: string[] = [];
  for (const size of [NARROW, ZOOMED]) {
    await page.setViewportSize(size);
    await page.waitForFunction((width) => innerWidth <= width, size.width);
    found.push(...(await page.evaluate(overflows)).map((what) => `${size.width} × ${size.height}: ${what}`));
  }
  return found;
}

describe("small windows", () => {
  test("320 pixels and 200 % zoom: nothing sideways, targets for a finger, nothing moves", async ({
    stage,
  }) => {
    const find = async (shown: Shown) => [
      ...(await shown.page.evaluate(smallTargets, SMALLEST_TARGET)),
      ...(await shown.page.evaluate(anyAnimations)),
      ...(await misfits(shown)),
    ];
    expect(await inViews(stage, VIEWS, { context: PHONE }, find)).toEqual([]);
  });

  test("with 40 % longer words as well, and from right to left", async ({ stage }) => {
    const look: Look = { language: "de", prepare: inPseudoLanguage };
    const find = async (shown: Shown) => {
      const found = await misfits(shown);
      await shown.page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
      return [...found, ...(await misfits(shown)).map((what) => `right to left: ${what}`)];
    };
    expect(await inViews(stage, VIEWS, look, find)).toEqual([]);
    await using shown = await stage.open(viewNamed("apps"), look);
    expect(await shown.page.locator("h1").textContent()).toContain("⟦");
  });

  test("what is too wide is noticed", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"));
    await shown.page.evaluate(() => document.querySelector("h1")?.style.setProperty("min-width", "2000px"));
    expect(await shown.page.evaluate(overflows)).toContainEqual(expect.stringContaining("<h1"));
  });

  test("the bar at the bottom covers nothing at the end of the page", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps-guest"), { context: PHONE });
    const { page } = shown;
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const bottom = await page
      .locator(".view > :last-child")
      .last()
      .evaluate((each) => each.getBoundingClientRect().bottom);
    const bar = await page.locator(".nav").evaluate((each) => each.getBoundingClientRect().top);
    expect(bottom).toBeLessThanOrEqual(bar);
  });
});

describe("people's own settings", () => {
  test("what appears takes at most 200 milliseconds; only what waits goes on", async ({ stage }) => {
    const look: Look = { context: { reducedMotion: "no-preference" } };
    const find = ({ page }: Shown) => page.evaluate(longAnimations);
    expect(await inViews(stage, MAIN_VIEWS, look, find)).toEqual([]);
  });

  test("forced colours: the focus can be seen, buttons have borders", async ({ stage }) => {
    const find = ({ page }: Shown) => page.evaluate(unseen);
    expect(await inViews(stage, MAIN_VIEWS, { context: { forcedColors: "active" } }, find)).toEqual([]);
  });
});

describe("themes", () => {
  const ground = ({ page }: Shown) =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  test("auto follows the system while the page is open", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"));
    await shown.turn("light");
    const light = await ground(shown);
    await shown.turn("dark");
    expect(await ground(shown)).not.toBe(light);
  });

  for (const theme of SCHEMES)
    test(`${theme}, once chosen: no other theme is seen first, even if the system has it`, async ({
      stage,
    }) => {
      const prepare = async (page: Page) => {
        await page.emulateMedia({ colorScheme: theme === "dark" ? "light" : "dark" });
        await page.addInitScript((chosen) => {
          localStorage.setItem("kryptos-account:theme", chosen);
          const seen: string[] = [];
          (window as unknown as { __grounds: string[] }).__grounds = seen;
          const note = () => {
            if (document.body) seen.push(getComputedStyle(document.documentElement).backgroundColor);
            requestAnimationFrame(note);
          };
          requestAnimationFrame(note);
        }, theme);
      };
      await using shown = await stage.open(viewNamed("apps"), { prepare });
      const grounds = await shown.page.evaluate(
        () => (window as unknown as { __grounds: string[] }).__grounds,
      );
      const shades = grounds
        // Before the styles are there, the browser's own ground is drawn: none.
        .filter((each) => each !== "rgba(0, 0, 0, 0)")
        .map((each) => (Number(/\d+/.exec(each)?.[0]) > 128 ? "light" : "dark"));
      expect([...new Set(shades)]).toEqual([theme]);
    });
});

describe("nothing jumps", () => {
  for (const name of ["apps", "app", "accounts", "data"])
    test(`layout shifts of ${name} stay below 0.02`, async ({ stage }) => {
      const prepare = (page: Page) =>
        page.addInitScript(() => {
          const shifts: number[] = [];
          (window as unknown as { __shifts: number[] }).__shifts = shifts;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              const { value, hadRecentInput } = entry as unknown as {
                value: number;
                hadRecentInput: boolean;
              };
              if (!hadRecentInput) shifts.push(value);
            }
          }).observe({ type: "layout-shift", buffered: true });
        });
      await using shown = await stage.open(viewNamed(name), { prepare });
      const shifts = await shown.page.evaluate(() => (window as unknown as { __shifts: number[] }).__shifts);
      expect(shifts.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.02);
    });
});
