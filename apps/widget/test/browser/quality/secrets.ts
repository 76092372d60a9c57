/** Point 20: what is typed is remembered by nobody but the server; test/browser/leaks.test.ts has the rest of it. */

import { describe, expect } from "vitest";
import { filesNamingThisMachine } from "../support/repository.js";
import { TEST_ADDRESS } from "../support/widget.js";
import { viewNamed } from "./keyboard.js";
import { test } from "./stage.js";
import { VIEWS } from "./views.js";

const PRIVATE_KEY = `0x${"4c0883a69102937d6231471b5dbb6204".repeat(2)}`;

/** The two that a browser may fill in by itself: a person's own address, and the code that was mailed. */
const MAY_BE_FILLED = ["email", "one-time-code"];

describe("fields", () => {
  test("of accounts are remembered by no browser and corrected by no keyboard", async ({ stage }) => {
    const typed = VIEWS.filter(({ name }) => /^(landing|code|picker|form-(eth|sol)|address)/.test(name));
    const found = await stage.overViews(typed, async (view) => {
      await using shown = await stage.open(view);
      return await shown.frame.evaluate(() =>
        [...document.querySelectorAll("input:not([type=checkbox])")].map((field) =>
          ["autocomplete", "spellcheck"].map((name) => field.getAttribute(name)).join(" "),
        ),
      );
    });
    expect(new Set(found)).toEqual(new Set(["off false", ...MAY_BE_FILLED.map((each) => `${each} false`)]));
  });

  test("trim what is pasted", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("form-solana"));
    const field = shown.widget.locator("input[name=address]");
    await field.focus();
    await shown.frame.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", text);
      document.activeElement?.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      );
    }, `  ${TEST_ADDRESS}\n`);
    expect(await field.inputValue()).toBe(TEST_ADDRESS);
  });
});

describe("what was typed", () => {
  test("stands in no address, in no state of the history, and in no storage if there is one", async ({
    stage,
  }) => {
    await using shown = await stage.open(viewNamed("address"));
    await shown.widget.locator("input[name=nickname]").fill("my-own-name");
    const places = await shown.frame.evaluate(() => {
      // A browser that blocks what belongs to third parties refuses to say what is stored: nothing is.
      const stored = (read: () => unknown) => {
        try {
          return read();
        } catch {
          return null;
        }
      };
      return JSON.stringify([
        stored(() => Object.entries(sessionStorage)),
        stored(() => Object.entries(localStorage)),
        stored(() => document.cookie),
        location.href,
        history.state,
        performance.getEntriesByType("resource").map((entry) => entry.name),
      ]);
    });
    expect(places).not.toContain("my-own-name");
    expect(places.toLowerCase()).not.toContain(TEST_ADDRESS.slice(2).toLowerCase());
  });

  test("a private key is refused at once, and sent nowhere", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("picker"));
    const sent: string[] = [];
    shown.page.on("request", (request) => sent.push(request.url() + (request.postData() ?? "")));
    await shown.widget.getByRole("combobox").fill(PRIVATE_KEY);
    await shown.widget.getByText("Never enter this anywhere").waitFor();
    await shown.page.keyboard.press("Enter");
    await shown.widget.getByRole("button", { name: "Clear the field" }).click();
    expect(await shown.widget.getByRole("combobox").inputValue()).toBe("");
    expect(sent.filter((each) => each.includes(PRIVATE_KEY.slice(2)))).toEqual([]);
  });

  test("no file of the page names a folder of the machine that built it", async () => {
    expect(await filesNamingThisMachine("widget_page")).toEqual([]);
  });
});
