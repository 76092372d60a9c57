/** Points 21 to 24: each failure has words of its own and a way on, nothing is done twice, success says what was found. */

import { randomUUID } from "node:crypto";

import type { Page, Request } from "playwright-core";
import { describe, expect } from "vitest";

import type { Connection } from "../../../src/contracts.js";
import type { Demo } from "../support/demo.js";
import { mailedCode } from "../support/mailbox.js";
import { TEST_ADDRESS, type Widget } from "../support/widget.js";
import { type Answers, NO_NETWORK, Refusal } from "./answers.js";
import { viewNamed } from "./keyboard.js";
import type { Recorded } from "./recorded.js";
import { type Shown, type Stage, test } from "./stage.js";
import { SOLANA_ADDRESS } from "./views.js";

const CONNECT = /\/link-token\/integrations$/;

/** What can become of pressing Connect. */
const FAILURES: Readonly<Record<string, Refusal | typeof NO_NETWORK>> = {
  "wrong address": new Refusal(400, "ADDRESS_INVALID"),
  "not in test mode": new Refusal(403, "SANDBOX_ADDRESS_NOT_ALLOWED"),
  "connected already": new Refusal(409, "DUPLICATE_CONNECTION", { existing_wallet_id: "wallet_other" }),
  "not supported": new Refusal(422, "PROVIDER_NOT_SUPPORTED"),
  "not offered any more": new Refusal(404, "PROVIDER_NOT_FOUND"),
  "too many tries": new Refusal(429, "RATE_LIMIT_EXCEEDED"),
  "a fault of the server": new Refusal(500, "INTERNAL_ERROR"),
  "the server is busy": new Refusal(503, "SERVICE_UNAVAILABLE"),
  "no network": NO_NETWORK,
  "signed out": new Refusal(403, "SIGN_IN_REQUIRED"),
  "no consent": new Refusal(403, "CONSENT_REQUIRED"),
};

/** Fill the form, press, and read what is said. */
async function told(stage: Stage, failure: Refusal | typeof NO_NETWORK): Promise<string> {
  const view = viewNamed("form-solana");
  const answers = (recorded: Recorded): Answers => ({
    ...view.answers?.(recorded),
    "POST integrations": failure,
  });
  await using shown = await stage.open({ ...view, answers });
  await fillAndPress(shown);
  const words = shown.widget.locator(".notice:not(.notice-info), .field-error:not(:empty)");
  await words.first().waitFor();
  expect(await shown.widget.locator("input[name=address]").inputValue()).toBe(SOLANA_ADDRESS);
  expect(await shown.widget.locator("input[name=nickname]").inputValue()).toBe("Savings");
  return (await words.allInnerTexts()).join("\n");
}

async function fillAndPress({ widget }: Shown): Promise<void> {
  await widget.locator("input[name=address]").fill(SOLANA_ADDRESS);
  await widget.locator("input[name=nickname]").fill("Savings");
  await widget.getByRole("button", { name: "Connect", exact: true }).click();
}

/** A guest who has consented types an address of the sandbox's, for real. */
async function fillForReal(widget: Widget): Promise<void> {
  await widget.asGuest();
  await widget.consent();
  await widget.type(widget.frame.getByRole("combobox"), "Ethereum");
  await widget.press(widget.frame.getByRole("option", { name: /^Ethereum Blockchain/ }).first());
  await widget.type(widget.frame.getByRole("textbox", { name: /address/i }), TEST_ADDRESS);
}

/** The tries to connect, as they leave the page. */
function triesOf(page: Page): readonly Request[] {
  const tries: Request[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && CONNECT.test(request.url())) tries.push(request);
  });
  return tries;
}

async function connectionsOf(demo: Demo, [request]: readonly Request[]): Promise<readonly Connection[]> {
  const headers = (await request?.allHeaders()) ?? {};
  const reply = await fetch(`${demo.baseUrl}/link-token/integrations`, {
    headers: { "X-LINK-TOKEN": headers["x-link-token"] ?? "" },
  });
  return ((await reply.json()) as { data: { integrations: Connection[] } }).data.integrations;
}

async function keysOf(tries: readonly Request[]): Promise<readonly (string | undefined)[]> {
  return Promise.all(tries.map(async (request) => (await request.allHeaders())["idempotency-key"]));
}

describe("each failure", () => {
  test("is told in words of its own, and what was typed is kept", async ({ stage }) => {
    const words = new Map<string, string>();
    for (const [name, failure] of Object.entries(FAILURES)) words.set(await told(stage, failure), name);
    // One text for two failures would leave a name out.
    expect([...words.values()]).toEqual(Object.keys(FAILURES));
    for (const [text, name] of words) expect([name, text.split(/[.!?]/).length > 1]).toEqual([name, true]);
  });

  test("no answer in time: said so, and tried again in place", async ({ stage }) => {
    const view = viewNamed("form-solana");
    await using shown = await stage.open(view, { prepare: (page) => page.clock.install() });
    let isSilent = true;
    await shown.page.route(CONNECT, (route) => (isSilent ? undefined : route.fallback()));
    await fillAndPress(shown);
    await shown.page.clock.fastForward("00:16");
    const again = shown.widget.getByRole("button", { name: "Try again" });
    await again.waitFor();
    isSilent = false;
    await again.click();
    await shown.widget.locator(".connection-card").waitFor();
  });

  test("a wrong code: how many tries are left; the right one then goes on", async ({
    demo,
    host,
    page,
    widget,
  }) => {
    const mail = `${randomUUID()}@example.com`;
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.type(widget.frame.getByRole("textbox", { name: /mail/i }), mail);
    await widget.press(widget.button(/continue/i));
    const right = await mailedCode(demo.baseUrl, mail);
    const code = widget.frame.getByRole("textbox", { name: /code/i });
    const wrong = right === "000000" ? "000001" : "000000";
    await code.fill(wrong);
    await widget.frame.getByText("You have 4 more tries.").waitFor();
    await code.fill(right);
    await widget.button("Allow").waitFor();
  });

  test("a chain that is hard to reach is told before anything is typed", async ({ stage }) => {
    await using list = await stage.open(viewNamed("picker"));
    await list.widget
      .getByRole("option", { name: /Ethereum.*Hard to reach/ })
      .first()
      .click();
    await list.widget.getByText("Ethereum is hard to reach at the moment").waitFor();
  });
});

describe("nothing is done twice", () => {
  test("503, then fine: tried again by itself under the same key", async ({ demo, host, page, widget }) => {
    const tries = triesOf(page);
    let count = 0;
    await page.route(CONNECT, (route) => {
      if (route.request().method() !== "POST") return route.continue();
      count += 1;
      return count === 1 ? route.fulfill({ status: 503, body: "busy" }) : route.continue();
    });
    await page.goto(host.url("plain"));
    await widget.open();
    await fillForReal(widget);
    await widget.press(widget.button(/^connect/i));
    await widget.button(/done/i).waitFor();
    const keys = await keysOf(tries);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[\w-]{16,}$/);
    expect(new Set(keys).size).toBe(1);
    expect(await connectionsOf(demo, tries)).toHaveLength(1);
  });

  test("a network that is cut after the server has acted: one connection, also by Try again", async ({
    demo,
    host,
    page,
    widget,
  }) => {
    const tries = triesOf(page);
    let isCut = true;
    await page.route(CONNECT, async (route) => {
      if (route.request().method() !== "POST" || !isCut) return route.continue();
      const reply = await route.fetch();
      expect(reply.status()).toBe(200);
      return route.abort("connectionreset");
    });
    await page.goto(host.url("plain"));
    await widget.open();
    await fillForReal(widget);
    await widget.press(widget.button(/^connect/i));
    const again = widget.button("Try again");
    await again.waitFor();
    isCut = false;
    await widget.press(again);
    await widget.button(/done/i).waitFor();
    expect(new Set(await keysOf(tries)).size).toBe(1);
    expect(tries.length).toBe(4);
    expect(await connectionsOf(demo, tries)).toHaveLength(1);
  });

  test("a double press of Connect is one try", async ({ demo, host, page, widget }) => {
    const tries = triesOf(page);
    await page.goto(host.url("plain"));
    await widget.open();
    await fillForReal(widget);
    await widget.during(widget.button(/^connect/i).dblclick());
    await widget.button(/done/i).waitFor();
    expect(tries).toHaveLength(1);
    expect(await connectionsOf(demo, tries)).toHaveLength(1);
  });
});

describe("success", () => {
  test("says what was found, live, and a broken account is not said to be empty", async ({
    host,
    page,
    widget,
  }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await widget.pickTestAccount(/trader/i);
    await widget.frame.getByText("1,178 transactions found", { exact: true }).waitFor();
    await widget.press(widget.button("Add another"));
    await widget.pickTestAccount(/^Broken account/);
    await widget.frame.getByText(/Nothing is known about this account yet/).waitFor();
    expect(await widget.frame.getByText(/0 transactions/).count()).toBe(0);
  });
});
