/** Every view of the consent centre, and the shortest way to it. */

import type { Page } from "playwright-core";
import { type Answers, NEVER, NO_NETWORK, NOT_SIGNED_IN, Refusal } from "./answers.js";
import { GRANTS, PERSON } from "./recorded.js";

export interface View {
  readonly name: string;
  /** What stands behind `#` in the address. */
  readonly hash?: string;
  /** What is answered otherwise than usual. */
  readonly answers?: Answers;
  /** Steps from there; by structure, not by words, for the words are of eight languages. */
  readonly steps?: (page: Page) => Promise<void>;
  /** What is there once the view is complete. */
  readonly shows: string;
}

const OUT: Answers = { "GET session": NOT_SIGNED_IN };
const KNOWN: Answers = { "GET session": PERSON, "POST erasure/start": { challenge: "challenge_3" } };
const PRIMARY = ".alone-card .button-primary";

async function typeMail(page: Page): Promise<void> {
  await page.locator("input[name=email]").fill("reader@example.com");
  await page.locator("form .button-primary").click();
  await page.locator(".code-input").waitFor();
}

const press = (selector: string) => (page: Page) => page.locator(selector).first().click();

async function startErasing(page: Page): Promise<void> {
  await press(".card-danger .button-danger")(page);
  await page.locator(".card-danger form").waitFor();
}

/** The word is the page's own: whatever language it is in. */
async function eraseAll(page: Page): Promise<void> {
  await startErasing(page);
  const field = page.locator(".card-danger .input").last();
  const label = await page.locator(".card-danger label").last().textContent();
  await field.fill(/[“„«"]\s?(.+?)\s?[”“»"]/.exec(label ?? "")?.[1] ?? "");
  await press(".card-danger form .button-danger")(page);
}

const ENTERING: readonly View[] = [
  { name: "starting", answers: { "GET session": NEVER }, shows: ".skeletons" },
  { name: "stuck", answers: { "GET session": NO_NETWORK }, shows: ".notice-error" },
  { name: "sign-in", answers: OUT, shows: "input[name=email]" },
  {
    name: "sign-in-wrong",
    answers: OUT,
    steps: press("form .button-primary"),
    shows: "[aria-invalid=true]",
  },
  { name: "code", answers: OUT, steps: typeMail, shows: ".code-input" },
  {
    name: "code-wrong",
    answers: { ...OUT, "POST sign-in/verify": new Refusal(401, "CODE_INVALID") },
    steps: async (page) => {
      await typeMail(page);
      await page.locator(".code-input").fill("123456");
      await page.locator("summary").click();
    },
    shows: ".code-input[aria-invalid=true]",
  },
  { name: "link", hash: "#manage=k3y", shows: PRIMARY },
  {
    name: "link-used",
    hash: "#manage=k3y",
    answers: { "POST sign-in/link": new Refusal(401, "MANAGEMENT_LINK_INVALID") },
    steps: press(PRIMARY),
    shows: `${PRIMARY}:only-of-type`,
  },
  {
    name: "session-ended",
    answers: { ...KNOWN, "GET connections": NOT_SIGNED_IN },
    hash: "#/accounts",
    shows: ".notice-warning",
  },
  {
    name: "signed-out",
    answers: KNOWN,
    steps: async (page) => {
      await page.locator(".bar").waitFor();
      if (await page.locator(".settings-button").isVisible()) await press(".settings-button")(page);
      await press(".settings-panel .button-secondary")(page);
    },
    shows: ".notice-success",
  },
];

const APPS: readonly View[] = [
  { name: "apps", answers: KNOWN, shows: ".grant" },
  {
    name: "apps-guest",
    steps: press(".view > .accordion summary"),
    shows: ".ended-list",
  },
  { name: "apps-none", answers: { ...KNOWN, "GET grants": { grants: [], next: null } }, shows: ".empty" },
  { name: "apps-loading", answers: { ...KNOWN, "GET grants": NEVER }, shows: ".skeletons" },
  { name: "apps-offline", answers: { ...KNOWN, "GET grants": NO_NETWORK }, shows: ".notice-error" },
  { name: "apps-end", answers: KNOWN, steps: press(".grant .button-danger"), shows: "dialog[open]" },
  { name: "apps-end-all", answers: KNOWN, steps: press(".view-foot .button-danger"), shows: "dialog[open]" },
  {
    name: "apps-end-failed",
    answers: { ...KNOWN, "POST grants/*/revoke": new Refusal(500, "INTERNAL_ERROR") },
    steps: async (page) => {
      await press(".grant .button-danger")(page);
      await press("dialog .button-danger")(page);
    },
    shows: ".grant .notice-error",
  },
  { name: "app", answers: KNOWN, hash: "#/apps/grant_1", shows: ".receipt" },
  {
    name: "app-ended",
    answers: { ...KNOWN, "GET grants/*/accesses": { accesses: [], next: null } },
    hash: "#/apps/grant_3",
    steps: press(".card .accordion summary"),
    shows: "pre",
  },
  {
    name: "app-troubled",
    answers: { ...KNOWN, "GET grants/*/accesses": NO_NETWORK, "GET grants/*/receipts": NEVER },
    hash: "#/apps/grant_2",
    shows: ".card .notice-error",
  },
  { name: "app-gone", answers: KNOWN, hash: "#/apps/grant_9", shows: ".empty" },
];

const REST: readonly View[] = [
  { name: "accounts", answers: KNOWN, hash: "#/accounts", shows: ".card .facts" },
  {
    name: "accounts-none",
    answers: { ...KNOWN, "GET connections": { connections: [] } },
    hash: "#/accounts",
    shows: ".empty",
  },
  {
    name: "accounts-remove",
    answers: KNOWN,
    hash: "#/accounts",
    steps: press(".card .button-danger"),
    shows: "dialog[open]",
  },
  { name: "data", answers: KNOWN, hash: "#/data", shows: ".card-danger" },
  {
    name: "data-guest",
    hash: "#/data",
    steps: press(".card:has(+ .card + .card-danger) .button-secondary"),
    shows: ".copy-row",
  },
  { name: "data-email-code", hash: "#/data", steps: typeMail, shows: ".code-input" },
  {
    name: "erase",
    answers: KNOWN,
    hash: "#/data",
    steps: async (page) => {
      await startErasing(page);
      await press(".card-danger form .button-danger")(page);
    },
    shows: ".card-danger [aria-invalid=true]",
  },
  {
    name: "erasing",
    hash: "#/data",
    answers: { "POST erasure/*/status": { state: "erasing", counts: { transactions: 640 }, proof: null } },
    steps: eraseAll,
    shows: ".erasing ~ .quiet",
  },
  { name: "erased", hash: "#/data", steps: eraseAll, shows: `${PRIMARY} .icon-download` },
];

export const VIEWS: readonly View[] = [...ENTERING, ...APPS, ...REST];

/** The main ones: for what is looked at in many ways. */
export const MAIN_VIEWS = VIEWS.filter(({ name }) =>
  ["sign-in", "link", "apps", "apps-end", "app", "accounts", "data-guest"].includes(name),
);

export function viewNamed(name: string): View {
  const view = VIEWS.find((each) => each.name === name);
  if (!view) throw new Error(`there is no view ${name}`);
  return view;
}

/** How many accesses are active in the recorded answers. */
export const ACTIVE = GRANTS.filter(({ status }) => status === "active").length;
