/** Points 8, 9 and 10: everything by keyboard, the focus where one expects it, and every way out works. */

import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { calls } from "../support/calls.js";
import { type Shown, test } from "./stage.js";
import { VIEWS, type View } from "./views.js";

export function viewNamed(name: string): View {
  const view = VIEWS.find((each) => each.name === name);
  if (!view) throw new Error(`there is no view ${name}`);
  return view;
}

/** What has the focus inside the widget. */
function focused({ frame }: Shown): Promise<string> {
  return frame.evaluate(() => {
    const { activeElement: at } = document;
    return at ? `${at.tagName} ${at.getAttribute("aria-label") ?? at.textContent ?? ""}`.trim() : "";
  });
}

async function activeOption({ widget }: Shown): Promise<string | null> {
  const id = await widget.getByRole("combobox").getAttribute("aria-activedescendant");
  if (id === null) return null;
  const option = widget.locator(`[id="${id}"]`);
  expect(await option.getAttribute("aria-selected")).toBe("true");
  return option.locator(".row-title").textContent();
}

/** Wait for an action or its outcome: a browser may never tell the end of a key in a frame that goes meanwhile. */
async function until(outcome: Promise<unknown>, action: Promise<unknown>): Promise<void> {
  action.catch(() => undefined);
  await Promise.race([outcome, action.then(() => outcome)]);
}

const left = (page: Page) => page.waitForFunction(() => window.__calls.length === 1);

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

describe("the list, by keyboard", () => {
  test("arrows, Home and End move; the active row is named to the field and is in sight", async ({
    stage,
  }) => {
    await using shown = await stage.open(viewNamed("picker"));
    const { page, widget } = shown;
    const titles = await widget.locator("[role=option] .row-title").allTextContents();
    expect(await focused(shown)).toMatch(/^INPUT Search/);
    expect(await activeOption(shown)).toBeNull();

    await press(page, "ArrowDown", "ArrowDown");
    expect(await activeOption(shown)).toBe(titles[1]);
    await press(page, "Home");
    expect(await activeOption(shown)).toBe(titles[0]);
    await press(page, "End");
    const last = await activeOption(shown);
    const all = Number(await widget.locator("[role=option]").first().getAttribute("aria-setsize"));
    const id = await widget.getByRole("combobox").getAttribute("aria-activedescendant");
    expect(await widget.locator(`[id="${id}"]`).getAttribute("aria-posinset")).toBe(String(all));
    const box = await widget.locator(`[id="${id}"]`).boundingBox();
    const foot = await widget.locator(".screen-foot").boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual((foot?.y ?? 0) + 1);
    await press(page, "ArrowDown");
    expect(await activeOption(shown)).toBe(titles[0]);
    expect(last).not.toBe(titles[0]);
    expect(await focused(shown)).toMatch(/^INPUT Search/);
  });

  test("how many were found is announced politely; Enter takes the first", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("picker"));
    const { page, widget } = shown;
    await page.keyboard.type("metmask");
    const found = await widget.locator("[role=option]").count();
    await expect
      .poll(() => widget.locator("[role=status][aria-live=polite]").textContent())
      .toContain(String(found));
    expect(await activeOption(shown)).toBe("MetaMask");
    await press(page, "Enter");
    await expect.poll(() => focused(shown)).toBe("H1 Connect MetaMask");
  });

  test("Esc empties the field first, and leaves then", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("picker"));
    const { page, widget } = shown;
    await page.keyboard.type("bnb");
    await press(page, "Escape");
    expect(await widget.getByRole("combobox").inputValue()).toBe("");
    expect(await calls(page)).toEqual([]);
    await until(left(page), press(page, "Escape"));
  });

  test("tabs are walked with the arrow keys", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("picker"));
    const chosen = () => shown.widget.locator("[role=tab][aria-selected=true]").getAttribute("data-tab");
    await press(shown.page, "Tab", "ArrowRight");
    expect(await chosen()).toBe("exchange");
    await press(shown.page, "End");
    expect(await chosen()).toBe("wallet");
    await press(shown.page, "ArrowRight");
    expect(await chosen()).toBe("all");
  });
});

describe("the focus", () => {
  test("is on the heading of each step", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("landing"));
    const { page, widget } = shown;
    const heading = async () =>
      `H1 ${await widget.getByRole("heading", { level: 1 }).textContent()}`.replace(/\s+/g, " ");
    const step = async (title: RegExp) => {
      await widget.getByRole("heading", { level: 1, name: title }).waitFor();
      await expect.poll(() => focused(shown)).toBe(await heading());
    };
    await step(/^Connect your accounts/);
    await widget.getByRole("button", { name: /guest/i }).press("Enter");
    await step(/asks to read/);
    await widget.getByRole("button", { name: "Allow" }).press("Enter");
    await widget.getByRole("combobox").waitFor();
    await page.keyboard.type("solana");
    await widget.getByRole("option", { name: /^Solana Blockchain/ }).click();
    await step(/^Connect Solana/);
  });

  test("goes through a whole screen by Tab, in the order that is seen, and stays in the dialog", async ({
    stage,
  }) => {
    await using shown = await stage.open(viewNamed("form-ethereum"));
    const { page, frame } = shown;
    const tops: number[] = [];
    const stops = await frame.locator("button:not(:disabled), input, summary, a[href]").count();
    await frame.locator(".top-bar .icon-button").first().focus();
    for (let at = 0; at < stops; at += 1) {
      const top = await frame.evaluate(() => {
        const foot = document.activeElement?.closest(".screen-foot");
        const body = document.querySelector(".screen-body")?.scrollTop ?? 0;
        const own = document.activeElement?.getBoundingClientRect().top ?? -1;
        return foot
          ? Number.MAX_SAFE_INTEGER
          : document.activeElement?.closest(".screen-body")
            ? own + body
            : -1;
      });
      tops.push(top);
      await press(page, "Tab");
      if (tops.length > 1 && top === Number.MAX_SAFE_INTEGER) break;
    }
    expect(tops.length).toBeGreaterThan(5);
    expect(tops).toEqual([...tops].sort((one, other) => one - other));
  });

  test("is on the field with what is wrong, which is told with it", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("form-wrong"));
    const field = shown.widget.locator("input[name=address]");
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    const told = await field.getAttribute("aria-describedby");
    expect(await shown.widget.locator(`[id="${told}"]`).textContent()).toContain("not an address");
    expect(await field.inputValue()).toBe("hello world");
  });
});

describe("leaving with something typed", () => {
  for (const [way, leave] of [
    ["×", (shown: Shown) => shown.widget.getByRole("button", { name: "Close" }).click()],
    ["Esc", (shown: Shown) => shown.widget.locator("input[name=address]").press("Escape")],
    ["Back", (shown: Shown) => shown.widget.getByRole("button", { name: "Back" }).click()],
    ["the browser's back", ({ frame }: Shown) => frame.evaluate(() => history.back())],
  ] as const)
    test(`${way} asks once: staying keeps what was typed, leaving leaves`, async ({ stage }) => {
      await using shown = await stage.open(viewNamed("picker"));
      const { page, widget } = shown;
      await page.keyboard.type("solana");
      await press(page, "Enter");
      const field = widget.locator("input[name=address]");
      await field.fill("typed");
      const question = widget.getByRole("dialog");
      const here: unknown = await shown.frame.evaluate(() => history.state);
      await until(question.waitFor(), leave(shown));
      await question.getByRole("button", { name: "Stay here" }).click();
      // The browser is led forward again, which takes it a moment: nobody presses twice that fast.
      await expect.poll(() => shown.frame.evaluate(() => history.state)).toEqual(here);
      expect(await field.inputValue()).toBe("typed");
      expect(await calls(page)).toEqual([]);

      await until(question.waitFor(), leave(shown));
      const leaving = question.getByRole("button", { name: "Leave" }).click();
      if (way === "×" || way === "Esc") {
        await until(left(page), leaving);
        expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Connect");
      } else {
        await until(widget.getByRole("combobox").waitFor(), leaving);
        expect(await widget.getByRole("dialog").count()).toBe(0);
        expect(await calls(page)).toEqual([]);
      }
    });

  test("with nothing typed nobody is asked", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("form-solana"));
    await until(left(shown.page), press(shown.page, "Escape"));
  });

  test("the browser's back leads from screen to screen", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("address"));
    await shown.frame.evaluate(() => history.back());
    await shown.widget.getByRole("combobox").waitFor();
    expect(await calls(shown.page)).toEqual([]);
  });
});
