/** The widget as a page of its own: from the address that the app's backend was given, to the app with an outcome. */

import { describe, expect } from "vitest";

import { test } from "./support/test.js";

describe("the hosted page", () => {
  test("leads from its address to the app, whose backend then has the public token", async ({
    demo,
    page,
  }) => {
    const callback = `${demo.appUrl}/callback`;
    const created = await demo.call("/link-token", { redirect_uri: callback });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(String(created["hosted_url"]));
    await page.getByRole("button", { name: /guest/i }).click();
    await page.getByRole("button", { name: "Allow" }).waitFor();
    expect(new URL(page.url()).hash, "the key is taken out of the address").toBe("");

    await page.reload();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("option", { name: /trader/i }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await page.waitForURL(`${callback}?session_id=${created["session_id"]}`);

    const key = new URL(String(created["hosted_url"])).hash.slice(1);
    expect(asked.filter((url) => url.includes(key))).toEqual([]);
    const record = await demo.read(`/link-token/${created["session_id"]}/session`);
    expect(record["outcome"]).toBe("success");
    const exchanged = await demo.call("/token/exchange", { public_token: record["public_token"] });
    expect(exchanged["access_token"]).toMatch(/^cat_/);
  });

  test("says in words that a link was used up", async ({ demo, page }) => {
    const created = await demo.call("/link-token", { redirect_uri: `${demo.appUrl}/callback` });
    await page.goto(String(created["hosted_url"]).split("#")[0] ?? "");
    await page.getByRole("heading", { name: "Open the link again" }).waitFor();
  });
});
