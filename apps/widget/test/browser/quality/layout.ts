/** Points 2, 13 to 17: small windows, zoom, fingers, longer words, the other direction, themes, no motion, no jumps. */

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
import english from "../../../src/i18n/messages/en/connect.json" with { type: "json" };
import shell from "../../../src/i18n/messages/en/shell.json" with { type: "json" };
import { viewNamed } from "./keyboard.js";
import { type Look, SCHEMES, type Shown, type Stage, test } from "./stage.js";
import { MAIN_VIEWS, VIEWS, type View } from "./views.js";

const NARROW = { width: 320, height: 640 };
/** What 200 % zoom leaves of a window of 1280 × 800. */
const ZOOMED = { width: 640, height: 400 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SMALLEST_TARGET = 44;

/** Serve a language that nobody speaks in the place of German. */
async function inPseudoLanguage(page: Page): Promise<void> {
  const serve = (part: string, messages: Parameters<typeof pseudoMessages>[0]) =>
    page.route(`**/connect/assets/${part}-*.js`, (route) =>
      route.fulfill({
        contentType: "text/javascript",
        headers: { "Access-Control-Allow-Origin": "*" },
        body: `export default ${JSON.stringify(pseudoMessages(messages))}`,
      }),
    );
  await serve("common", common);
  await serve("scopes", scopes);
  await serve("shell", shell);
  await serve("connect", english);
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
async function misfits({ page, frame }: Shown): Promise<readonly string[]> {
  const found: string[] = [];
  for (const size of [NARROW, ZOOMED]) {
    await page.setViewportSize(size);
    await frame.waitForFunction((width) => innerWidth <= width, size.width);
    found.push(...(await frame.evaluate(overflows)).map((what) => `${size.width} × ${size.height}: ${what}`));
  }
  return found;
}

describe("small windows", () => {
  test("320 pixels and 200 % zoom: nothing sideways, the button whole, targets for a finger, nothing moves", async ({
    stage,
  }) => {
    const find = async (shown: Shown) => {
      const { frame } = shown;
      const small = await frame.evaluate(smallTargets, SMALLEST_TARGET);
      const moving = await frame.evaluate(anyAnimations);
      return [...small, ...moving, ...(await misfits(shown))];
    };
    expect(await inViews(stage, VIEWS, { context: PHONE }, find)).toEqual([]);
  });

  test("with 40 % longer words as well, and from right to left", async ({ stage }) => {
    const look: Look = { language: "de", prepare: inPseudoLanguage };
    const find = async (shown: Shown) => {
      expect(await shown.widget.locator("h1").first().textContent()).toContain("⟦");
      const found = await misfits(shown);
      await shown.frame.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
      return [...found, ...(await misfits(shown)).map((what) => `right to left: ${what}`)];
    };
    expect(await inViews(stage, VIEWS, look, find)).toEqual([]);
  });

  test("what is too wide is noticed", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("landing"));
    await shown.frame.evaluate(() => document.querySelector("h1")?.style.setProperty("width", "2000px"));
    expect(await shown.frame.evaluate(overflows)).toContainEqual(expect.stringContaining("<h1"));
  });

  test("a keyboard that comes up never covers the button", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("form-solana"), { context: PHONE });
    await shown.widget.locator("input[name=address]").focus();
    await shown.page.setViewportSize({ width: 390, height: 420 });
    await shown.frame.waitForFunction(() => innerHeight <= 420);
    expect(await shown.frame.evaluate(overflows)).toEqual([]);
  });
});

describe("from right to left", () => {
  test("back, close and rows change sides", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("address"));
    const left = async (selector: string) =>
      (await shown.widget.locator(selector).first().boundingBox())?.x ?? NaN;
    const [back, close] = [".top-bar-side", ".top-bar-end"];
    expect(await left(back)).toBeLessThan(await left(close));
    await shown.frame.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    expect(await left(back)).toBeGreaterThan(await left(close));
    const arrow = await shown.widget
      .locator(".icon-back")
      .evaluate((icon) => getComputedStyle(icon).transform);
    expect(arrow).toBe("matrix(-1, 0, 0, 1, 0, 0)");
  });
});

describe("people's own settings", () => {
  test("what appears takes at most 200 milliseconds; only what waits goes on", async ({ stage }) => {
    const look: Look = { context: { reducedMotion: "no-preference" } };
    const find = ({ frame }: Shown) => frame.evaluate(longAnimations);
    expect(await inViews(stage, MAIN_VIEWS, look, find)).toEqual([]);
  });

  test("forced colours: the focus can be seen, buttons have borders", async ({ stage }) => {
    const find = ({ frame }: Shown) => frame.evaluate(unseen);
    const look: Look = { context: { forcedColors: "active" } };
    expect(await inViews(stage, MAIN_VIEWS, look, find)).toEqual([]);
  });
});

describe("themes", () => {
  test("auto follows the system while the widget is open", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("consent"));
    const ground = () =>
      shown.frame.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await shown.turn("light");
    const light = await ground();
    await shown.turn("dark");
    await expect.poll(ground).not.toBe(light);
    await shown.turn("light");
    await expect.poll(ground).toBe(light);
  });

  for (const theme of SCHEMES)
    test(`${theme}: no other theme is seen first, even if the system has it`, async ({
      demo,
      host,
      page,
    }) => {
      await page.emulateMedia({ colorScheme: theme === "dark" ? "light" : "dark" });
      // Neither script nor style has come yet: the page's own first colour is what is seen.
      await page.addInitScript(() => {
        const seen: string[] = [];
        (window as unknown as { __grounds: string[] }).__grounds = seen;
        const note = () => {
          if (document.body) seen.push(getComputedStyle(document.documentElement).backgroundColor);
          requestAnimationFrame(note);
        };
        note();
      });
      await page.goto(host.url("plain", { theme }));
      await page.getByRole("button", { name: "Connect" }).click();
      const widget = page.locator("dialog iframe").contentFrame();
      await widget.locator(".landing").waitFor();
      const frame = page.frames().find((each) => each.url().startsWith(demo.baseUrl));
      const grounds = await frame?.evaluate(() => (window as unknown as { __grounds: string[] }).__grounds);
      const shades = [
        ...new Set(grounds?.map((each) => (Number(/\d+/.exec(each)?.[0]) > 128 ? "light" : "dark"))),
      ];
      expect(shades).toEqual([theme]);
    });
});

describe("nothing jumps", () => {
  test("layout shifts in the main journey stay below 0.02", async ({ host, page, widget }) => {
    await page.addInitScript(() => {
      const shifts: number[] = [];
      (window as unknown as { __shifts: number[] }).__shifts = shifts;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value, hadRecentInput } = entry as unknown as { value: number; hadRecentInput: boolean };
          if (!hadRecentInput) shifts.push(value);
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await widget.pickTestAccount(/trader/i);
    await widget.button(/done/i).waitFor();
    await widget.frame.getByText("Read", { exact: true }).waitFor();
    const frame = page.frames().find((each) => each.parentFrame() !== null);
    const shifts = await frame?.evaluate(() => (window as unknown as { __shifts: number[] }).__shifts);
    expect(shifts?.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.02);
  });
});
