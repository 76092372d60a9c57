/** Tokens, codes and what a person types stand in no address, event, console line or log of the whole journey. */

import { randomUUID } from "node:crypto";

import type { BrowserContext, Request } from "playwright-core";
import { describe, expect } from "vitest";

import { onlyCall } from "./support/calls.js";
import { mailedCode } from "./support/mailbox.js";
import { test } from "./support/test.js";
import { TEST_ADDRESS } from "./support/widget.js";

/** Where the widget may send which of the things that nobody else should see. */
const MAY_CARRY: Readonly<Record<string, RegExp>> = {
  mail: /\/link-token\/auth\/email\//,
  code: /\/link-token\/auth\/email\/verify$/,
  address: /\/link-token\/(detect-chains|integrations(\/test)?)$/,
};

interface Observed {
  readonly requests: Request[];
  readonly console: string[];
  /** What the widget told the host over its port. */
  readonly told: Readonly<Record<string, unknown>>[];
}

async function observe(context: BrowserContext): Promise<Observed> {
  const observed: Observed = { requests: [], console: [], told: [] };
  context.on("request", (request) => observed.requests.push(request));
  context.on("console", (message) => observed.console.push(message.text()));
  await context.exposeFunction("__told", (data: Record<string, unknown>) => void observed.told.push(data));
  await context.addInitScript(() => {
    if (window !== top) return;
    const { __told: tell } = window as unknown as { __told: (data: unknown) => void };
    window.MessageChannel = class extends MessageChannel {
      constructor() {
        super();
        this.port1.addEventListener("message", ({ data }) => {
          if (typeof data === "object" && data !== null) tell(data);
        });
      }
    };
  });
  return observed;
}

/** A code among other digits: not a part of a longer number. */
function standsIn(text: string, secret: string): boolean {
  return new RegExp(`(?<![\\d.])${secret.replaceAll(/[.+]/g, "\\$&")}(?!\\d)`, "i").test(text);
}

describe("a journey with everything typed", () => {
  test("leaves no trace of what is secret", async ({ demo, host, page, widget }) => {
    const seen = await observe(page.context());
    const mail = `${randomUUID()}@example.com`;
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.type(widget.frame.getByRole("textbox", { name: /mail/i }), mail);
    await widget.press(widget.button(/continue/i));
    const code = await mailedCode(demo.baseUrl, mail);
    await widget.type(widget.frame.getByRole("textbox", { name: /code/i }), code);
    await widget.consent();
    await widget.connectAddress("Ethereum", TEST_ADDRESS);
    await widget.done();
    const call = await onlyCall(page);
    const publicToken = call.name === "success" ? call.value?.public_token : undefined;

    const headers = await Promise.all(seen.requests.map((request) => request.allHeaders()));
    const linkToken = headers.map((each) => each["x-link-token"]).find(Boolean);
    const widgetKey = headers.map((each) => each["x-widget-key"]).find(Boolean);
    const typed = { mail, code, address: TEST_ADDRESS };
    const secrets = Object.entries({ linkToken, widgetKey, publicToken, ...typed });
    const logs = await demo.logs();
    for (const [name, secret = ""] of secrets) {
      expect(secret, `${name} was met in the journey`).not.toBe("");
      const places = {
        addresses: seen.requests.map((request) => decodeURIComponent(request.url())),
        referrers: headers.map((each) => each["referer"] ?? ""),
        console: seen.console,
        told: seen.told.filter(({ type }) => type !== "success").map((each) => JSON.stringify(each)),
        logs: logs.split("\n"),
      };
      for (const [place, lines] of Object.entries(places))
        expect(
          lines.filter((line) => standsIn(line, secret)),
          `${name} in ${place}`,
        ).toEqual([]);
    }
    // What was typed travels once, to where it is needed; the record of the visit has none of it.
    for (const [name, secret] of Object.entries(typed)) {
      const carrying = seen.requests.filter((request) => standsIn(request.postData() ?? "", secret));
      expect(carrying.length, `${name} was sent`).toBeGreaterThan(0);
      for (const request of carrying)
        expect(new URL(request.url()).pathname).toMatch(MAY_CARRY[name] ?? /^$/);
    }
  });

  test("asks nobody but the app's own page and the Connect server", async ({ demo, host, page, widget }) => {
    const seen = await observe(page.context());
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await widget.pickTestAccount(/trader/i);
    await widget.done();
    const urls = seen.requests.map((request) => new URL(request.url()));
    const origins = new Set(urls.filter(({ protocol }) => protocol !== "data:").map(({ origin }) => origin));
    expect(origins).toEqual(new Set([host.origin, new URL(demo.baseUrl).origin]));
  });

  test("tells the host which step it is, each with the session and the request", async ({
    host,
    page,
    widget,
  }) => {
    const seen = await observe(page.context());
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await widget.pickTestAccount(/trader/i);
    await widget.done();
    const events = seen.told.filter(({ type }) => type === "event");
    expect(events.length).toBeGreaterThan(3);
    for (const event of events) {
      expect(event).toMatchObject({ name: expect.any(String), sessionId: expect.stringMatching(/^\S+$/) });
      expect(event).toHaveProperty("requestId", expect.stringMatching(/^req_/));
    }
  });
});
