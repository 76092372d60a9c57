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

  test("leads to a native app, which is told the outcome by the link token that it had", async ({
    demo,
    page,
  }) => {
    await demo.leadTo("myapp://kryptos");
    const created = await demo.call("/link-token", { redirect_uri: "myapp://kryptos" });
    const linkToken = String(created["link_token"]);
    const back = `myapp://kryptos?session_id=${created["session_id"]}`;
    const led: string[] = [];
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("Page.enable");
    devTools.on("Page.frameRequestedNavigation", ({ url }) => led.push(url));
    await page.goto(String(created["hosted_url"]));
    await page.getByRole("button", { name: /guest/i }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    expect(await demo.outcome(linkToken)).toEqual({ status: "open", public_token: null });
    await page.getByRole("option", { name: /trader/i }).click();
    await page.getByRole("button", { name: "Done" }).click();
    // No app is installed here: the page stays, and offers the way by hand.
    const link = page.getByRole("link", { name: /^Back to/ });
    expect(await link.getAttribute("href")).toBe(back);
    expect(led).toEqual([back]);

    const told = (await demo.outcome(linkToken)) as { status: string; public_token: string };
    expect(told.status).toBe("completed");
    await demo.call("/token/exchange", { public_token: told.public_token });
    expect(await demo.outcome(linkToken)).toEqual({ status: "completed", public_token: null });
  });

  test("tells a waiting app that the person left", async ({ demo, page }) => {
    await demo.leadTo("com.example.app:/callback");
    const created = await demo.call("/link-token", { redirect_uri: "com.example.app:/callback" });
    await page.goto(String(created["hosted_url"]));
    await page.getByRole("button", { name: /guest/i }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    const link = page.getByRole("link", { name: /^Back to/ });
    expect(await link.getAttribute("href")).toBe(
      `com.example.app:/callback?session_id=${created["session_id"]}`,
    );
    await expect
      .poll(() => demo.outcome(String(created["link_token"])))
      .toEqual({ status: "exited", public_token: null });
  });

  test("says in words that a link was used up", async ({ demo, page }) => {
    const created = await demo.call("/link-token", { redirect_uri: `${demo.appUrl}/callback` });
    await page.goto(String(created["hosted_url"]).split("#")[0] ?? "");
    await page.getByRole("heading", { name: "Open the link again" }).waitFor();
  });
});
