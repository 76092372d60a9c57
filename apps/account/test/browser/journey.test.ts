/** Whole journeys on the real server: from the widget to the consent centre, and to the app that is refused. */

import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Download, Page } from "playwright-core";
import { expect, vi } from "vitest";
import { onlyCall } from "../../../widget/test/browser/support/calls.js";
import type { Demo } from "../../../widget/test/browser/support/demo.js";
import type { Host } from "../../../widget/test/browser/support/host.js";
import { mailedCode } from "../../../widget/test/browser/support/mailbox.js";
import { KRYPTOS, run } from "../../../widget/test/browser/support/repository.js";
import { test } from "../../../widget/test/browser/support/test.js";
import type { Widget } from "../../../widget/test/browser/support/widget.js";
import { ACCESSES, CONNECTIONS, GRANTS, GUEST, RECEIPTS } from "./quality/recorded.js";

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** What the app gets for the public token that its page was handed. */
async function exchanged(demo: Demo, page: Page): Promise<string> {
  const { value } = (await onlyCall(page)) as { readonly value?: { readonly public_token?: string } };
  const given = await demo.call("/token/exchange", { public_token: value?.public_token });
  return String(given["access_token"]);
}

/** The app reads, or tries to. */
async function reads(demo: Demo, accessToken: string, path = "/api/v1/holdings"): Promise<number> {
  const reply = await fetch(demo.baseUrl + path, { headers: { Authorization: `Bearer ${accessToken}` } });
  return reply.status;
}

async function connect(page: Page, host: Host, widget: Widget, signIn: () => Promise<void>): Promise<void> {
  await page.goto(host.url("plain"));
  await widget.open();
  await signIn();
  await widget.consent();
  await widget.pickTestAccount(/trader/i);
}

/** Press what downloads, and give the file. */
async function downloaded(page: Page, press: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return download;
}

/** `kryptos verify-receipt` says that it holds, by this installation's key. */
async function verify(demo: Demo, download: Download): Promise<string> {
  const environment = { ...process.env, KRYPTOS_DATA_DIR: demo.directory };
  return run(KRYPTOS, ["verify-receipt", await download.path()], environment);
}

/** A shape as far as names go; lists by their first member, free-form values by their kind. */
const shape = (value: object) => Object.keys(value).sort();

test("a guest takes the link, sees what was read, keeps the receipt, and ends it: the next call is refused", async ({
  demo,
  host,
  page,
  widget,
}) => {
  await connect(page, host, widget, () => widget.asGuest());
  await widget.press(widget.button("Get a management link"));
  const link = await widget.frame.getByLabel("Your new link").inputValue();
  expect(link).toContain(`${demo.baseUrl}/account#manage=`);
  await widget.done();
  const accessToken = await exchanged(demo, page);
  expect(await reads(demo, accessToken)).toBe(200);
  expect(await reads(demo, accessToken, "/api/v1/transactions")).toBe(200);

  const centre = await page.context().newPage();
  await centre.goto(link);
  await heading(centre, "Open your consent centre").waitFor();
  expect(centre.url()).not.toContain("manage");
  await button(centre, "Open").click();
  await heading(centre, "Apps with access").waitFor();
  await centre.getByText("You are here as a guest").waitFor();

  // What the views are tested with has the names of what the server really says.
  const real = (path: string) =>
    centre.evaluate(async (asked) => (await (await fetch(`/account/api${asked}`)).json()).data, path);
  const { grants } = await real("/grants");
  const grantId = grants[0].grant_id;
  // Readings are written once a second.
  await vi.waitUntil(async () => (await real(`/grants/${grantId}/accesses`)).accesses.length >= 2, 10_000);
  expect(shape(grants[0])).toEqual(shape(GRANTS[0] as object));
  expect(shape((await real(`/grants/${grantId}/accesses`)).accesses[0])).toEqual(
    shape(ACCESSES.accesses[0] as object),
  );
  expect(shape((await real(`/grants/${grantId}/receipts`)).receipts[0])).toEqual(
    shape(RECEIPTS[0] as object),
  );
  expect(shape((await real("/connections")).connections[0])).toEqual(shape(CONNECTIONS[0] as object));
  expect(shape((await real("/session")).person)).toEqual(shape(GUEST.person));

  await centre.getByRole("link", { name: /^Details of/ }).click();
  await centre.getByText("/api/v1/holdings").first().waitFor();
  await centre.getByText("/api/v1/transactions").first().waitFor();
  const receipt = await downloaded(centre, () =>
    button(centre, /^Download the receipt: Access given/).click(),
  );
  expect(await verify(demo, receipt)).toMatch(/genuine|holds|given/i);

  await button(centre, /^End access of/).click();
  await centre.locator("dialog[open]").getByRole("button", { name: "End access" }).click();
  await centre.getByText("Ended", { exact: true }).first().waitFor();
  expect(await reads(demo, accessToken)).toBe(401);
  await button(centre, /^Download the receipt: Access ended/).waitFor();
  await centre.getByRole("link", { name: "Accounts", exact: true }).click();
  await centre.getByText("Not read any more").waitFor();

  // The link is used up.
  const other = await page.context().newPage();
  await other.goto(link);
  await button(other, "Open").click();
  await heading(other, "This link is used up").waitFor();
});

test("somebody with an address signs in, takes everything along, has it erased, and keeps the proof", async ({
  demo,
  host,
  page,
  widget,
}) => {
  const email = `${randomUUID()}@example.com`;
  await connect(page, host, widget, () => widget.withCode(demo.baseUrl, email));
  await widget.frame.getByRole("link", { name: "Open the consent centre" }).waitFor();
  const first = await mailedCode(demo.baseUrl, email);
  await widget.done();
  const accessToken = await exchanged(demo, page);
  expect(await reads(demo, accessToken)).toBe(200);

  const centre = await page.context().newPage();
  await centre.goto(`${demo.baseUrl}/account#/data`);
  await centre.getByLabel("E-mail address").fill(email);
  await button(centre, "Continue").click();
  const second = await mailedCode(demo.baseUrl, email, first);
  await centre.getByLabel("Code from the mail").fill(second);
  await heading(centre, "Your data").waitFor();

  const exported = await downloaded(centre, () => button(centre, "Download").click());
  expect(exported.suggestedFilename()).toMatch(/^kryptos-export-\d{4}-\d\d-\d\d\.json$/);
  const content = await readFile(await exported.path(), "utf8");
  expect(JSON.parse(content)).toBeTypeOf("object");
  expect(content).toContain(email);

  await button(centre, "Erase everything…").click();
  await centre.getByText("This is what happens").waitFor();
  await centre.getByLabel("Code from the mail").fill(await mailedCode(demo.baseUrl, email, second));
  await centre.getByLabel("Type “erase” to confirm").fill("erase");
  await button(centre, "Erase everything").click();
  await heading(centre, "Everything is erased").waitFor({ timeout: 60_000 });
  expect(await reads(demo, accessToken)).toBe(401);
  const proof = await downloaded(centre, () => button(centre, "Download the proof").click());
  expect(await verify(demo, proof)).toMatch(/eras/i);
  expect(await readFile(await proof.path(), "utf8")).not.toContain(email);

  await centre.reload();
  await heading(centre, "See who can read your accounts").waitFor();
});

test("a guest adds an address in the widget, and signs in with it later", async ({
  demo,
  host,
  page,
  widget,
}) => {
  const email = `${randomUUID()}@example.com`;
  await connect(page, host, widget, () => widget.asGuest());
  await widget.press(widget.button("Add an e-mail address"));
  await widget.type(widget.frame.getByLabel("E-mail address"), email);
  await widget.press(widget.button("Continue"));
  const first = await mailedCode(demo.baseUrl, email);
  await widget.type(widget.frame.getByLabel("Code from the mail"), first);
  await widget.frame.getByRole("link", { name: "Open the consent centre" }).waitFor();
  await widget.done();
  const accessToken = await exchanged(demo, page);
  expect(await reads(demo, accessToken)).toBe(200);

  const centre = await page.context().newPage();
  await centre.goto(`${demo.baseUrl}/account`);
  await centre.getByLabel("E-mail address").fill(email);
  await button(centre, "Continue").click();
  await centre.getByLabel("Code from the mail").fill(await mailedCode(demo.baseUrl, email, first));
  await heading(centre, "Apps with access").waitFor();
  await centre.getByText("1 app can read your accounts.", { exact: false }).waitFor();
  await button(centre, "Sign out").click();
  await centre.getByText("You are signed out").waitFor();
});
