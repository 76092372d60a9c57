/** Each opening ends in exactly one callback, however the host mounts its buttons and however the person leaves. */

import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { calls, onlyCall, settled } from "./support/calls.js";
import { connectAsGuest } from "./support/journey.js";
import { test } from "./support/test.js";

const TEST_ACCOUNT = /trader/i;
const NEW_PERSON = { name: "success", value: { public_token: expect.stringMatching(/^public_/) } };
const LEFT = { name: "error", code: "USER_EXIT", message: expect.any(String) };

/** The host is as it was: nothing inert, nothing left behind, the focus where it came from. */
async function expectHostRestored(page: Page, opener: string): Promise<void> {
  expect(await page.locator("dialog, iframe").count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.style.overflow)).toBe("");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(opener);
}

describe("success", () => {
  for (const shape of ["plain", "strict", "double-mount", "second-generation"]) {
    test(`one callback when the page is mounted ${shape}`, async ({ host, page, widget }) => {
      await page.goto(host.url(shape));
      await widget.open();
      await connectAsGuest(widget);
      expect(await onlyCall(page)).toEqual(NEW_PERSON);
      await expectHostRestored(page, "Connect");
    });
  }

  test("two buttons on a page: one widget, one callback each", async ({ host, page, widget }) => {
    await page.goto(host.url("two-buttons"));
    await widget.open("Connect one");
    await connectAsGuest(widget);
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
    await widget.open("Connect two");
    await connectAsGuest(widget);
    await page.waitForFunction(() => window.__calls.length === 2);
    await settled(page);
    expect(await calls(page)).toEqual([NEW_PERSON, NEW_PERSON]);
  });

  test("a double click opens one widget", async ({ host, page, widget }) => {
    await page.goto(host.url("plain"));
    await page.getByRole("button", { name: "Connect" }).dblclick();
    await connectAsGuest(widget);
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
    expect(host.linkTokens).toBe(1);
  });

  test("a returning person: success with null", async ({ demo, host, page, widget }) => {
    host.accessToken = demo.facts.access_token;
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.pickTestAccount(TEST_ACCOUNT);
    await widget.done();
    expect(await onlyCall(page)).toEqual({ name: "success", value: null });
  });
});

describe("leaving", () => {
  test("× at the first screen", async ({ host, page, widget }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.press(widget.button("Close"));
    expect(await onlyCall(page)).toEqual(LEFT);
    await expectHostRestored(page, "Connect");
  });

  test("Esc, pressed inside the frame", async ({ host, page, widget }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.button(/guest/i).waitFor();
    await widget.during(page.keyboard.press("Escape"));
    expect(await onlyCall(page)).toEqual(LEFT);
    await expectHostRestored(page, "Connect");
  });

  test("Back leads back, and leaves nothing", async ({ host, page, widget }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await widget.press(widget.frame.getByRole("option", { name: /^Ethereum/ }).first());
    await widget.press(widget.button("Back"));
    await widget.frame.getByRole("combobox").waitFor();
    expect(await calls(page)).toEqual([]);
    await widget.press(widget.button("Close"));
    expect(await onlyCall(page)).toEqual(LEFT);
  });

  test("× after a connection was made is success", async ({ host, page, widget }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await widget.pickTestAccount(TEST_ACCOUNT);
    await widget.button(/done/i).waitFor();
    await widget.press(widget.button("Close"));
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
  });

  test("a host that takes its button away while the widget is open", async ({ host, page, widget }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.button(/guest/i).waitFor();
    await page.evaluate(() => window.__unmount());
    await widget.isGone();
    await settled(page);
    expect(await calls(page)).toEqual([
      { name: "error", code: "HOST_UNMOUNTED", message: expect.any(String) },
    ]);
    expect(await page.locator("dialog, iframe").count()).toBe(0);
  });

  test("after leaving it opens again", async ({ host, page, widget }) => {
    await page.goto(host.url("strict"));
    await widget.open();
    await widget.press(widget.button("Close"));
    await onlyCall(page);
    await widget.open();
    await connectAsGuest(widget);
    await page.waitForFunction(() => window.__calls.length === 2);
    expect(await calls(page)).toEqual([LEFT, NEW_PERSON]);
  });
});

describe("a link token that runs out", () => {
  test("is renewed in place, and the person goes on where they were", async ({
    demo,
    host,
    page,
    widget,
  }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await widget.frame.getByRole("combobox").waitFor();
    await demo.expireLinkTokens();
    await widget.pickTestAccount(TEST_ACCOUNT);
    await widget.done();
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
    expect(host.linkTokens).toBe(2);
  });
});
