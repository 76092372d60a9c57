/** Who may put the widget into a page: the registered origins alone, and every other page is told why not. */

import type { ConsoleMessage, Frame, Page } from "playwright-core";
import { describe, expect } from "vitest";

import { onlyCall } from "./support/calls.js";
import { Host } from "./support/host.js";
import { connectAsGuest } from "./support/journey.js";
import { PageServer } from "./support/page-server.js";
import { test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const REFUSED_BY_BROWSER = /frame-ancestors/;

/** Resolves when the browser says that it refused to show a frame. */
function refusal(page: Page): Promise<ConsoleMessage> {
  return page.waitForEvent("console", (message) => REFUSED_BY_BROWSER.test(message.text()));
}

/** Every word that the page and its frames show. */
async function shownWords(page: Page): Promise<string> {
  const texts = page.frames().map((frame: Frame) =>
    frame
      .locator("body")
      .textContent({ timeout: 3000 })
      .catch(() => ""),
  );
  return (await Promise.all(texts)).join("\n");
}

describe("a page on an origin that is not registered", () => {
  test("is told so in words, in the dialog and in onError, with the setting by name", async ({
    demo,
    page,
    widget,
  }) => {
    const unlisted = await Host.serve(demo, { isRegistered: false });
    try {
      await page.goto(unlisted.url("plain"));
      await widget.open();
      await widget.frame.getByRole("heading", { name: /cannot open/ }).waitFor();
      expect(await widget.frame.locator("body").textContent()).toContain(unlisted.origin);
      const call = await onlyCall(page);
      expect(call).toMatchObject({ name: "error", code: "EMBED_BLOCKED" });
      expect(call).toHaveProperty("message", expect.stringContaining(`--allowed-origin ${unlisted.origin}`));
      expect(await widget.frame.getByRole("button", { name: /guest/i }).count()).toBe(0);
      await page.getByRole("button", { name: "Close" }).click();
      await widget.isGone();
      await onlyCall(page);
    } finally {
      await unlisted.close();
    }
  });

  test("that says in the address it were a registered one is shown nothing: the browser refuses", async ({
    demo,
    host,
    page,
  }) => {
    const address = `${demo.baseUrl}/connect?v=1&client_id=${demo.facts.client_id}&origin=${encodeURIComponent(host.origin)}`;
    await using liar = await PageServer.serve(
      `<title>Liar</title><script>${listening}</script><iframe src="${address}"></iframe>`,
    );
    const refused = refusal(page);
    await page.goto(liar.origin);
    await refused;
    expect(await shownWords(page)).not.toMatch(/guest|kryptos/i);
    expect(page.frames().some((frame) => frame.url() === address)).toBe(false);
    expect(await page.evaluate(() => window.__received)).toEqual([]);

    // The same frame in the page of the registered origin is shown: it is the page that was refused, not the address.
    await page.goto(host.url("plain"));
    await page.evaluate((url) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(frame);
    }, address);
    await page.waitForFunction(() => window.frames.length === 1);
    await expect.poll(() => page.frames().some((frame) => frame.url() === address)).toBe(true);
  });
});

const listening = `window.__received = []; addEventListener("message", ({ data }) => window.__received.push(data));`;

describe("a page that frames the app", () => {
  test("cannot lay itself over the widget: in a frame of a stranger's the widget is not shown", async ({
    host,
    page,
  }) => {
    await using thief = await PageServer.serve(
      `<title>Win a prize</title><iframe src="${host.url("plain")}" width="900" height="800"></iframe>`,
    );
    await page.clock.install();
    await page.goto(thief.origin);
    const app = page.frameLocator("iframe");
    const refused = refusal(page);
    await app.getByRole("button", { name: "Connect" }).click();
    await refused;
    expect(await shownWords(page)).not.toMatch(/guest/i);
    // The app is told that no widget came; it is the app's own decision whether it may be framed.
    await page.clock.fastForward("00:21");
    const framed = page.frames().find((frame) => frame.url().startsWith(host.origin));
    await framed?.waitForFunction(() => window.__calls.length > 0);
    expect(await framed?.evaluate(() => window.__calls)).toEqual([
      { name: "error", code: "WIDGET_UNREACHABLE", message: expect.stringContaining("frame-src") },
    ]);
  });
});

describe("two origins of one app", () => {
  test("each opens the widget", async ({ demo, host, page }) => {
    const second = await Host.serve(demo);
    try {
      await demo.allow(host.origin, second.origin);
      for (const each of [host, second]) {
        await page.goto(each.url("plain"));
        const widget = new Widget(page);
        await widget.open();
        await connectAsGuest(widget);
        expect((await onlyCall(page)).name).toBe("success");
      }
    } finally {
      await second.close();
      await demo.allow(host.origin);
    }
  });
});
