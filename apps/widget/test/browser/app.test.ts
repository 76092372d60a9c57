/** The widget in a native app: its page in a WebView, from hello to the one outcome. */

import { describe, expect } from "vitest";

import { settled } from "./support/calls.js";
import { NativeApp } from "./support/native-app.js";
import { test } from "./support/test.js";

const NEW_PERSON = { publicToken: expect.stringMatching(/^public_/) };
const LEFT = expect.objectContaining({ code: "USER_EXIT" });

describe("the page of a native app", () => {
  test("a guest connects an account, and the app is told exactly once", async ({ demo, page }) => {
    const app = await NativeApp.open(page, demo);
    await page.getByRole("button", { name: /guest/i }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    expect(await page.locator("html").getAttribute("data-kc-theme")).toBe("dark");
    await page.getByRole("option", { name: /trader/i }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => app.outcomes).toEqual([NEW_PERSON]);
    await page.getByText("You can go back to").waitFor();
    await settled(page);

    expect(app.said.filter(({ type }) => type === "success")).toHaveLength(1);
    expect(app.said.filter(({ type }) => type === "usable")).toHaveLength(1);
    const [outcome] = app.outcomes as [{ readonly publicToken: string }];
    const exchanged = await demo.call("/token/exchange", { public_token: outcome.publicToken });
    expect(exchanged["access_token"]).toMatch(/^cat_/);
    const events = JSON.stringify(app.said.filter(({ type }) => type === "event"));
    expect(events).not.toMatch(/link_|public_|wkey_/);
  });

  test("back leads one step back, and at the first screen out", async ({ demo, page }) => {
    const app = await NativeApp.open(page, demo);
    await page.getByRole("textbox", { name: /mail/i }).fill("native@example.com");
    await page.getByRole("button", { name: /continue/i }).click();
    await page.getByRole("textbox", { name: /code/i }).waitFor();
    app.session.back();
    await page.getByRole("button", { name: /guest/i }).waitFor();
    expect(app.outcomes).toEqual([]);
    app.session.back();
    await expect.poll(() => app.outcomes).toEqual([LEFT]);
  });

  test("the × leaves", async ({ demo, page }) => {
    const app = await NativeApp.open(page, demo);
    await page.getByRole("button", { name: /guest/i }).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await expect.poll(() => app.outcomes).toEqual([LEFT]);
  });

  test("back leaves before there is a screen too", async ({ demo, page }) => {
    await page.route("**/link-token/session", () => undefined);
    const asked = page.waitForRequest("**/link-token/session");
    const app = await NativeApp.open(page, demo);
    await asked;
    app.session.back();
    await expect.poll(() => app.outcomes).toEqual([LEFT]);
  });

  test("a client that is not there is told in words, to the person and to the app", async ({
    demo,
    page,
  }) => {
    const app = await NativeApp.open(page, demo, "client_0");
    await page.getByRole("heading", { name: "Kryptos Connect cannot be opened here" }).waitFor();
    await expect
      .poll(() => app.outcomes)
      .toEqual([
        expect.objectContaining({ code: "CLIENT_UNKNOWN", message: expect.stringContaining("clientId") }),
      ]);
  });

  test("an expired link token is renewed without a word, and the session goes on", async ({ demo, page }) => {
    const app = await NativeApp.open(page, demo);
    await page.getByRole("button", { name: /guest/i }).click();
    await page.getByRole("button", { name: "Allow" }).waitFor();
    await demo.expireLinkTokens();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("option", { name: /trader/i }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => app.outcomes).toEqual([NEW_PERSON]);
    expect(app.said).toContainEqual({ type: "need-token", reason: "expired" });
    expect(app.linkTokens).toBe(2);
  });

  test("a page that is loaded again goes on where it was", async ({ demo, page }) => {
    const app = await NativeApp.open(page, demo);
    await page.getByRole("button", { name: /guest/i }).click();
    await page.getByRole("button", { name: "Allow" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("option", { name: /trader/i }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => app.outcomes).toEqual([NEW_PERSON]);
    expect(app.said.filter(({ type }) => type === "ready")).toHaveLength(2);
    expect(app.linkTokens).toBe(1);
  });

  test("says in words that it needs an app", async ({ demo, page }) => {
    await page.goto(`${demo.baseUrl}/connect/app?client_id=${demo.facts.client_id}&lang=en`);
    await page.getByRole("heading", { name: "Nothing to connect here" }).waitFor();
  });
});
