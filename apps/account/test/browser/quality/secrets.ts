/** Keys and tokens stand in no address, no history, no storage; nobody but this server is asked. */

import { describe, expect } from "vitest";
import { filesNamingThisMachine } from "../../../../widget/test/browser/support/repository.js";
import { test } from "./stage.js";
import { viewNamed } from "./views.js";

const KEY = "k3y-of-a-management-link";

describe("secrets", () => {
  test("the key of a management link leaves the address at once, and stands nowhere", async ({ stage }) => {
    const view = { ...viewNamed("link"), hash: `#manage=${KEY}` };
    const asked: string[] = [];
    await using shown = await stage.open(view, {
      prepare: async (page) => page.on("request", (request) => asked.push(request.url())),
    });
    const { page } = shown;
    expect(page.url()).not.toContain(KEY);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("heading", { name: "Apps with access" }).waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie]),
    );
    expect(kept).not.toContain(KEY);
    expect(kept).not.toContain("csrf-token-of-the-views");
    // A fragment is never sent; Chromium tells it with the page's own address alone.
    expect(asked.slice(1).filter((url) => url.includes(KEY))).toEqual([]);
    const origins = new Set(asked.map((url) => new URL(url).origin));
    expect(origins).toEqual(new Set([new URL(page.url()).origin]));
  });

  test("nothing that was shown stays behind when the session ends", async ({ stage }) => {
    await using shown = await stage.open(viewNamed("signed-out"));
    const text = await shown.page.locator("body").textContent();
    expect(text).not.toContain("reader@example.com");
    expect(text).not.toContain("Ledgerly");
  });

  test("no file of the page names a folder of the machine that built it", async () => {
    expect(await filesNamingThisMachine("account_page")).toEqual([]);
  });
});
