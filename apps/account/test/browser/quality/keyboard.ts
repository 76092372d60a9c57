/** Everything by keyboard, the focus where one expects it, and what changes is said. */

import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { test } from "./stage.js";
import { VIEWS, viewNamed } from "./views.js";

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at ? `${at.tagName} ${at.getAttribute("aria-label") ?? at.textContent ?? ""}`.trim() : "";
  });

async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let at = 0; at < 40; at += 1) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}`);
}

describe("the focus", () => {
  test("is on the heading of each view, when somebody comes by the navigation", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"));
    const { page } = shown;
    for (const [link, heading] of [
      ["Accounts", "Connected accounts"],
      ["Your data", "Your data"],
      ["Apps", "Apps with access"],
      ["Details of Ledgerly", "Ledgerly"],
    ]) {
      await page.getByRole("link", { name: link as string, exact: true }).click();
      await expect.poll(() => focused(page)).toBe(`H1 ${heading}`);
    }
    await page.goBack();
    await expect.poll(() => focused(page)).toBe("H1 Apps with access");
  });

  test("is on the heading of whatever is shown first", async ({ stage }) => {
    const found = await stage.overViews(
      VIEWS.filter(({ steps, name }) => steps === undefined && name !== "starting"),
      async (view) => {
        await using shown = await stage.open(view);
        const at = await focused(shown.page);
        return at.startsWith("H1") ? [] : [`${view.name}: ${at}`];
      },
    );
    expect(found).toEqual([]);
  });

  test("goes through navigation, settings and cards in the order that is seen", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"));
    const { page } = shown;
    await page.locator(".brand").focus();
    const order: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      await page.keyboard.press("Tab");
      order.push(await focused(page));
    }
    expect(order.slice(0, 3)).toEqual(["A Apps", "A Accounts", "A Your data"]);
    expect(order.slice(5, 11)).toEqual([
      "BUTTON Sign out",
      "A Ledgerly",
      "A Details of Ledgerly",
      "BUTTON End access of Ledgerly",
      expect.stringContaining("A Tax helper"),
      expect.stringContaining("A Details of Tax helper"),
    ]);
  });

  test("comes back to the button when somebody thinks better of it", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"));
    const { page } = shown;
    await tabTo(page, /End access of Ledgerly/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused(page)).toBe("BUTTON End access of Ledgerly");
  });
});

describe("by keyboard alone", () => {
  test("access is ended, and that is said", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"));
    const { page } = shown;
    await tabTo(page, /End access of Ledgerly/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, /^BUTTON End access$/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page
      .getByRole("status")
      .filter({ hasText: "Ledgerly cannot read your accounts any more." })
      .waitFor();
  });

  test("somebody signs in", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("sign-in"));
    const { page } = shown;
    await page.keyboard.press("Tab");
    await page.keyboard.type("reader@example.com");
    await page.keyboard.press("Enter");
    await page.locator(".code-input").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.type("123456");
    await page.getByRole("heading", { level: 1, name: "Apps with access" }).waitFor();
  });

  test("the settings of a phone open, and Esc closes them", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("apps"), {
      context: { viewport: { width: 390, height: 844 } },
    });
    const { page } = shown;
    const signOut = page.getByRole("button", { name: "Sign out" });
    expect(await signOut.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Settings and signing out" }).press("Enter");
    await signOut.waitFor();
    await page.keyboard.press("Escape");
    await signOut.waitFor({ state: "hidden" });
  });
});

test("what a view waits for is said to be busy", async ({ stage }) => {
  await using shown = await stage.open(viewNamed("apps-loading"));
  expect(await shown.page.locator(".view").getAttribute("aria-busy")).toBe("true");
});
