/** Points 6 and 7: what is typed finds what is meant; an address is recognised; nothing found leads on. */

import { describe, expect } from "vitest";

import { TEST_ADDRESS } from "../support/widget.js";
import { viewNamed } from "./keyboard.js";
import { test } from "./stage.js";

describe("search over the whole real list", () => {
  test("finds by symbol, by alias and in spite of typos", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("picker"));
    const field = shown.widget.getByRole("combobox");
    const first = async (query: string) => {
      await field.fill(query);
      return shown.widget.locator("[role=option] .row-title").first().textContent();
    };
    expect(await first("bnb")).toBe("BNB Chain");
    expect(await first("metmask")).toBe("MetaMask");
    expect(await first("erc20")).toBe("Ethereum");
    expect(await first("etherium")).toBe("Ethereum");
    expect(await first("SOL")).toBe("Solana");
  });

  test("a pasted address and a name lead to the form of any address", async ({ stage }) => {
    for (const text of [TEST_ADDRESS, ` ${TEST_ADDRESS}\n`, "somebody.eth"]) {
      await using shown = await stage.open(viewNamed("picker"), {
        prepare: (page) =>
          page.route("**/link-token/resolve-name", (route) =>
            route.fulfill({ json: { success: true, data: { address: TEST_ADDRESS } } }),
          ),
      });
      await shown.widget.getByRole("combobox").fill(text);
      await shown.page.keyboard.press("Enter");
      await shown.widget.getByRole("heading", { name: "Connect this address" }).waitFor();
      expect(await shown.widget.locator("input[name=address]").inputValue()).toBe(text.trim());
    }
  });

  test("nothing found: the address, and asking for it", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("picker-nothing"));
    await shown.widget.getByRole("button", { name: /Ask for .zzqqxx./ }).click();
    await shown.widget
      .getByText(/zzqqxx/)
      .last()
      .waitFor();
    await shown.widget.getByRole("button", { name: "Paste an address" }).click();
    expect(await shown.widget.getByRole("combobox").inputValue()).toBe("");
  });

  test("what cannot be connected yet says so, and cannot be chosen", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("picker"));
    await shown.widget.getByRole("combobox").fill("greenfield");
    const row = shown.widget.locator("[role=option]").first();
    expect(await row.textContent()).toContain("Not available yet");
    expect(await row.getAttribute("aria-disabled")).toBe("true");
    await shown.page.keyboard.press("Enter");
    await shown.widget.getByRole("combobox").waitFor();
  });
});
