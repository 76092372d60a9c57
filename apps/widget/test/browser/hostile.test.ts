/** A host page that listens, grabs and lies: it learns nothing that is typed, and nothing forged is believed. */

import type { Frame, Page } from "playwright-core";
import { describe, expect } from "vitest";

import { grabFocus, logKeys, noteMessages } from "./fixtures/hostile.js";
import { calls, onlyCall, settled } from "./support/calls.js";
import { connectAsGuest } from "./support/journey.js";
import { mailedCode } from "./support/mailbox.js";
import { PageServer } from "./support/page-server.js";
import { test } from "./support/test.js";
import { TEST_ADDRESS, type Widget } from "./support/widget.js";

const NEW_PERSON = { name: "success", value: { public_token: expect.stringMatching(/^public_[\w-]{20,}$/) } };
const FORGED = "public_forged_by_somebody";

/** Each is of the right shape; none comes from the widget. */
const FORGERIES: readonly object[] = [
  { kryptos: 1, type: "blocked", code: "FORGED", message: "forged" },
  { kryptos: 1, type: "ready" },
  { kryptos: 1, type: "success", publicToken: FORGED },
  { type: "success", publicToken: FORGED },
  { type: "exit", code: "FORGED", message: "forged" },
  { type: "need-token", reason: "expired" },
  { type: "request", id: 1, method: "wallets.list", params: {} },
];

/** Type as a person does, key by key, while the page does what it likes. */
async function typeKeys(
  page: Page,
  widget: Widget,
  role: "textbox" | "combobox",
  name: RegExp,
  text: string,
) {
  const field = widget.frame.getByRole(role, { name });
  await field.click();
  await page.keyboard.type(text, { delay: 15 });
  return field;
}

describe("a key logger that also grabs for the focus", () => {
  test("hears no address, no code, no e-mail; and every key arrives", async ({
    demo,
    host,
    page,
    widget,
  }) => {
    await page.addInitScript(logKeys);
    await page.addInitScript(grabFocus);
    await page.goto(host.url("plain"));
    await page.locator("#bait").press("h");
    expect(await page.evaluate(() => window.__heard.map(({ text }) => text))).toContain("h");
    await widget.open();
    await widget.button(/guest/i).waitFor();
    await page.evaluate(() => {
      window.__heard = [];
      window.__grabs = 0;
    });

    const mail = await typeKeys(page, widget, "textbox", /mail/i, "typed@example.com");
    expect(await mail.inputValue()).toBe("typed@example.com");
    await page.keyboard.press("Enter");
    const code = widget.frame.getByRole("textbox", { name: /code/i });
    await code.waitFor();
    await code.click();
    await page.keyboard.type(await mailedCode(demo.baseUrl, "typed@example.com"), { delay: 15 });
    await widget.consent();
    const search = await typeKeys(page, widget, "combobox", /address/i, TEST_ADDRESS);
    expect(await search.inputValue()).toBe(TEST_ADDRESS);

    expect(await page.evaluate(() => window.__grabs)).toBeGreaterThan(10);
    expect(await page.evaluate(() => window.__heard)).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("IFRAME");
  });
});

describe("a page that takes the focus out of the frame", () => {
  const WAYS: Readonly<Record<string, () => void>> = {
    "window.focus()": () => window.focus(),
    "blur()": () => (document.activeElement as HTMLElement).blur(),
    "the dialog's own focus()": () => document.querySelector("dialog")?.focus(),
  };
  for (const [way, take] of Object.entries(WAYS)) {
    test(`by ${way} has it for a moment only: typing goes on where it was`, async ({
      host,
      page,
      widget,
    }) => {
      await page.addInitScript(logKeys);
      await page.goto(host.url("plain"));
      await widget.open();
      await widget.button(/guest/i).waitFor();
      const mail = await typeKeys(page, widget, "textbox", /mail/i, "typed@");
      for (const text of ["exam", "ple.", "com"]) {
        await page.evaluate(take);
        await settled(page);
        expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("IFRAME");
        await page.keyboard.type(text, { delay: 15 });
      }
      expect(await mail.inputValue()).toBe("typed@example.com");
      expect(await page.evaluate(() => window.__heard)).toEqual([]);
    });
  }
});

describe("forged messages to the host's SDK", () => {
  test("from the page itself, at every stage: nothing happens", async ({ host, page, widget }) => {
    await page.goto(host.url("plain"));
    const forge = () =>
      page.evaluate((messages) => {
        for (const message of messages) window.postMessage(message, "*");
      }, FORGERIES);
    await forge();
    await widget.open();
    await forge();
    await widget.button(/guest/i).waitFor();
    await forge();
    await settled(page);
    expect(await calls(page)).toEqual([]);
    await connectAsGuest(widget);
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
    expect(host.linkTokens).toBe(1);
    await forge();
    await settled(page);
    expect(await calls(page)).toHaveLength(1);
  });

  test("from another frame, of the host's origin and of a stranger's: nothing happens", async ({
    host,
    page,
    widget,
  }) => {
    await using stranger = await PageServer.serve("<title>Stranger</title>");
    await page.goto(host.url("plain"));
    const frames = await addFrames(page, [stranger.origin, `${host.origin}/another`]);
    await widget.open();
    await widget.button(/guest/i).waitFor();
    for (const frame of frames)
      await frame.evaluate((messages) => {
        for (const message of messages) window.parent.postMessage(message, "*");
      }, FORGERIES);
    await settled(page);
    expect(await calls(page)).toEqual([]);
    await connectAsGuest(widget);
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
  });

  for (const stage of ["before the widget has come", "while the widget runs"]) {
    test(`from its own frame, led to a stranger's page ${stage}: no token, no port, no callback`, async ({
      demo,
      host,
      page,
      widget,
    }) => {
      await using stranger = await PageServer.serve(`<script>(${noteMessages})()</script>`);
      const isEarly = stage.startsWith("before");
      if (isEarly) await page.route(`${demo.baseUrl}/connect?*`, () => undefined); // is never answered
      await page.goto(host.url("plain"));
      await widget.open();
      if (!isEarly) await widget.button(/guest/i).waitFor();
      await page.locator("dialog iframe").evaluate((frame, url) => {
        (frame as HTMLIFrameElement).src = url;
      }, stranger.origin);
      const led = await frameAt(page, stranger.origin);
      await led.waitForFunction(() => window.__received);
      await led.evaluate((messages) => {
        for (const message of messages) window.parent.postMessage(message, "*");
      }, FORGERIES);
      await settled(page);
      await led.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      expect(await led.evaluate(() => window.__received)).toEqual([]);
      expect(await calls(page)).toEqual([]);
    });
  }
});

describe("forged messages to the widget", () => {
  const HELLO = { kryptos: 1, type: "hello", v: 1, sdk: "web-sdk/0.1.0" };

  /** In a window of the host's origin: say `hello` to the widget's frame, with all that a host says; give what it answers. */
  function greet({
    hello,
    linkToken,
  }: {
    readonly hello: object;
    readonly linkToken: string;
  }): Promise<unknown[]> {
    const { port1, port2 } = new MessageChannel();
    const came: unknown[] = [];
    const widget = window.top?.document.querySelector("iframe")?.contentWindow;
    widget?.postMessage(hello, "*", [port2]);
    port1.postMessage({ type: "config", appName: "Forged", theme: "light" });
    port1.postMessage({ type: "token", linkToken });
    return new Promise((resolve) => {
      const stop = setTimeout(() => resolve(came), 2000);
      port1.onmessage = ({ data }) => {
        came.push(data);
        clearTimeout(stop);
        resolve(came);
      };
    });
  }

  test("a hello of a frame beside it, or of a page of another origin, is not answered; the host's own is", async ({
    demo,
    host,
    page,
  }) => {
    await using sibling = await PageServer.serve("<title>Another app</title>", "localhost");
    await demo.allow(host.origin, sibling.origin);
    const created = await demo.call("/link-token", {});
    const given = { hello: HELLO, linkToken: String(created["link_token"]) };
    const address = (origin: string) =>
      `${demo.baseUrl}/connect?v=1&client_id=${demo.facts.client_id}&origin=${encodeURIComponent(origin)}`;

    // Framed by one registered origin, while its address says that it was another.
    await page.goto(sibling.origin);
    await page.evaluate(noteMessages);
    await (await addFrames(page, [address(host.origin)]))[0]?.waitForLoadState("load");
    expect(await page.evaluate(greet, given)).toEqual([]);
    expect(await page.evaluate(() => window.__received)).toEqual([]);

    await page.goto(host.url("plain"));
    await page.evaluate(noteMessages);
    const [, beside] = await addFrames(page, [address(host.origin), `${host.origin}/another`]);
    await page.waitForFunction(() => window.__received.length > 0);
    expect(await beside?.evaluate(greet, given)).toEqual([]);
    expect(await page.evaluate(greet, given)).not.toEqual([]);
  });
});

/** Put frames into the page; give them when they have loaded. */
async function addFrames(page: Page, urls: readonly string[]): Promise<readonly Frame[]> {
  await page.evaluate(
    (addresses) =>
      Promise.all(
        addresses.map((url) => {
          const frame = document.createElement("iframe");
          frame.src = url;
          document.body.append(frame);
          return new Promise((resolve) => frame.addEventListener("load", resolve));
        }),
      ),
    urls,
  );
  return Promise.all(urls.map((url) => frameAt(page, url)));
}

async function frameAt(page: Page, url: string): Promise<Frame> {
  const there = () => page.frames().find((frame) => frame.url().startsWith(url));
  for (let frame = there(); ; frame = there()) {
    if (frame) return frame;
    await page.waitForEvent("framenavigated");
  }
}
