/** Hosts with strict policies and browsers with strict settings: the whole journey works, or the app is told why not. */

import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type BrowserContext, chromium, type Page } from "playwright-core";
import { describe, expect } from "vitest";

import { onlyCall } from "./support/calls.js";
import type { Demo } from "./support/demo.js";
import type { Host } from "./support/host.js";
import { connectAsGuest } from "./support/journey.js";
import { test } from "./support/test.js";
import { Widget } from "./support/widget.js";

const NEW_PERSON = { name: "success", value: { public_token: expect.stringMatching(/^public_/) } };

function policy(frameSource: string): string {
  return `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; ${frameSource}
base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`.replaceAll("\n", " ");
}

/** Collect what any page or frame of a tab does against its own policy. */
async function violations(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  await page.exposeFunction("__violated", (what: string) => void found.push(what));
  await page.addInitScript(() => {
    const { __violated: tell } = window as unknown as { __violated: (what: string) => void };
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      tell(`${location.origin}: ${violatedDirective} ${blockedURI} ${sample}`),
    );
  });
  page.on("console", (message) => {
    if (/content security policy|trusted ?type/i.test(message.text())) found.push(message.text());
  });
  return found;
}

describe("a host page with a strict content security policy", () => {
  test("sees no violation in the whole journey, in the page and in the frame", async ({
    demo,
    host,
    page,
    widget,
  }) => {
    const found = await violations(page);
    host.headers = { "Content-Security-Policy": policy(`frame-src ${demo.baseUrl};`) };
    await page.goto(host.url("plain", { theme: "dark", cssVars: { "--kc-primary": "#00c693" } }));
    await widget.open();
    await connectAsGuest(widget);
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
    expect(found).toEqual([]);
    // The policy is in force, and what is against it is noticed.
    await page.evaluate(() => document.body.setAttribute("style", "color: red"));
    await expect.poll(() => found.length).toBeGreaterThan(0);
  });

  test("that forgot frame-src is told so", async ({ host, page, widget }) => {
    host.headers = { "Content-Security-Policy": policy("") };
    await page.clock.install();
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.dialog.waitFor();
    await page.clock.fastForward("00:21");
    expect(await onlyCall(page)).toEqual({
      name: "error",
      code: "WIDGET_UNREACHABLE",
      message: expect.stringContaining("frame-src"),
    });
    await widget.isGone();
  });
});

describe("a host page that isolates itself", () => {
  test("with COEP: require-corp and COOP: same-origin works", async ({ host, page, widget }) => {
    host.headers = {
      "Cross-Origin-Embedder-Policy": "require-corp",
      "Cross-Origin-Opener-Policy": "same-origin",
    };
    await page.goto(host.url("plain"));
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await widget.open();
    await connectAsGuest(widget);
    expect(await onlyCall(page)).toEqual(NEW_PERSON);
  });
});

describe("a browser that blocks the storage of third parties", () => {
  test("by its setting: works", async ({ demo, host }) => {
    await withPreferences(async (context) => {
      const page = await context.newPage();
      await journey(page, demo, host);
      await page.goto(host.url("plain"));
      await page.evaluate(
        (url) => {
          const frame = document.createElement("iframe");
          frame.src = url;
          document.body.append(frame);
        },
        `${demo.baseUrl}/connect?v=1&client_id=${demo.facts.client_id}&origin=${encodeURIComponent(host.origin)}`,
      );
      await expect.poll(() => page.frames().length).toBe(2);
      const [, frame] = page.frames();
      const kept = await frame?.evaluate(async () => {
        // biome-ignore lint/suspicious/noDocumentCookie: whether the browser keeps one is the question
        document.cookie = "probe=1; SameSite=None; Secure";
        return document.cookie;
      });
      expect(kept).toBe("");
    });
  });

  test("so that every storage throws: works", async ({ demo, host, page }) => {
    const thrown: string[] = [];
    await page.exposeFunction("__threw", (name: string) => void thrown.push(name));
    await page.addInitScript((own) => {
      if (location.origin !== own) return;
      const { __threw: tell } = window as unknown as { __threw: (name: string) => void };
      const refuse = (name: string) => ({
        configurable: true,
        get() {
          tell(name);
          throw new DOMException("Access is denied for this document.", "SecurityError");
        },
      });
      for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches", "cookieStore"])
        Object.defineProperty(window, name, refuse(name));
      Object.defineProperty(Document.prototype, "cookie", refuse("cookie"));
    }, demo.baseUrl);
    await journey(page, demo, host);
    // It was tried, and it did throw; nothing but the storage of this tab is ever tried.
    expect(new Set(thrown)).toEqual(new Set(["sessionStorage"]));
  });
});

/** Sign in by mail and connect: with a widget key to keep, and a link token. */
async function journey(page: Page, demo: Demo, host: Host): Promise<void> {
  host.reset();
  await page.goto(host.url("plain"));
  const widget = new Widget(page);
  await widget.open();
  await widget.withCode(demo.baseUrl, `${randomUUID()}@example.com`);
  await widget.consent();
  await widget.pickTestAccount(/trader/i);
  await widget.done();
  expect(await onlyCall(page)).toEqual(NEW_PERSON);
}

/** A browser whose person has chosen to block third parties' cookies and storage. */
async function withPreferences(use: (context: BrowserContext) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "kryptos-profile-"));
  await mkdir(join(directory, "Default"));
  const profile = { block_third_party_cookies: true, cookie_controls_mode: 1 };
  await writeFile(join(directory, "Default", "Preferences"), JSON.stringify({ profile }));
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--test-third-party-cookie-phaseout"],
  });
  try {
    await use(context);
  } finally {
    await context.close();
    await rm(directory, { recursive: true });
  }
}
