/** Every view of the widget, and the shortest way to it. */

import type { Connection, Providers } from "../../../src/contracts.js";
import type { WalletApp } from "../support/wallet-app.js";
import { type Place, TEST_ADDRESS } from "../support/widget.js";
import { type Answers, NEVER, NO_NETWORK, Refusal, resumed } from "./answers.js";
import type { Recorded } from "./recorded.js";
import { inProduction, inSandbox, manyDetected } from "./situations.js";
import { OF_WALLETS } from "./views-of-wallets.js";

export interface View {
  readonly name: string;
  /** What the host asks for besides. */
  readonly config?: object;
  /** What is answered otherwise than usual. */
  readonly answers?: (recorded: Recorded) => Answers;
  /** Steps from the first screen; by structure, not by words, for the words are of eight languages. */
  readonly steps?: (widget: Place, wallet: WalletApp) => Promise<void>;
  /** What is there once the view is complete. */
  readonly shows: string;
}

export const SOLANA_ADDRESS = "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1";
const PRIMARY = ".screen-foot .button-primary";
const SEARCH = "[role=combobox]";
const OPTION = "[role=option]";
const FIELD = ".account-form input[name=address]";

function search(text: string) {
  return (widget: Place) => widget.locator(SEARCH).fill(text);
}

async function asGuest(widget: Place): Promise<void> {
  await widget.locator(".landing .screen-foot .button-link").click();
}

async function typeMail(widget: Place): Promise<void> {
  await widget.locator(".landing input[name=email]").fill("reader@example.com");
  await widget.locator(PRIMARY).click();
  await widget.locator(".code-input").waitFor();
}

async function firstTestAccount(widget: Place): Promise<void> {
  await widget.locator(OPTION).first().click();
}

function troubled({ real }: Recorded): Providers {
  const providers = real.providers.map((each) =>
    each.id === "ethereum" ? { ...each, health: "troubled" as const } : each,
  );
  return { ...real, providers };
}

/** Read in part: one of the stages failed. */
function inPart({ done, failed }: Recorded): Connection {
  const stages = done.stages.map((stage, at) => (at === 0 ? stage : (failed.stages[at] ?? stage)));
  return { ...done, status: "PARTIALLY SYNCED", code: failed.code, stages };
}

/** Half of it read, the rest under way. */
function halfRead({ done }: Recorded): Connection {
  const stages = done.stages.map((stage) =>
    stage.name === "Transactions" ? { ...stage, status: "ONGOING", chains_done: 0 } : stage,
  );
  return { ...done, status: "ONGOING", stages, total_transactions: 347 };
}

const connecting = (connection: (recorded: Recorded) => Connection) => (recorded: Recorded) => ({
  ...inSandbox(recorded),
  "POST integrations": connection(recorded),
  "GET integrations/*/status": connection(recorded),
});

const SIGNING_IN: readonly View[] = [
  { name: "landing", shows: ".landing input[name=email]" },
  {
    name: "landing-guest-only",
    config: { authMethods: ["anonymous"] },
    shows: `.landing ${PRIMARY}`,
  },
  {
    name: "landing-troubled",
    answers: () => ({ "POST auth/anonymous": new Refusal(429, "RATE_LIMIT_EXCEEDED") }),
    steps: asGuest,
    shows: ".landing .notice",
  },
  { name: "code", steps: typeMail, shows: ".code-input" },
  {
    name: "code-wrong",
    answers: () => ({ "POST auth/email/verify": new Refusal(401, "CODE_INVALID") }),
    steps: async (widget) => {
      await typeMail(widget);
      await widget.locator(".code-input").fill("123456");
    },
    shows: ".code-input[aria-invalid=true]",
  },
  {
    name: "workspaces",
    answers: ({ signedIn, known }) => {
      const [own] = signedIn.workspaces;
      const workspaces = own && [
        own,
        { ...own, workspace_id: "ws_2", name: "Household", role: "admin" },
        { ...own, workspace_id: "ws_3", name: "Company books", role: "viewer", can_share: false },
      ];
      return {
        "GET session, then": { ...known, workspace: null },
        "GET workspaces": { workspaces },
      };
    },
    steps: asGuest,
    shows: ".list .row",
  },
  { name: "consent", steps: asGuest, shows: ".consent .facts" },
  {
    name: "consent-with-changes",
    answers: ({ consent, done, known }) => {
      const write = ["integrations:write", "transactions:write"];
      const scopes = [...consent.scopes, ...write.map((scope) => ({ scope, description: scope }))];
      const user = known.user && { ...known.user, is_anonymous: false, email: "reader@example.com" };
      return {
        "GET session, then": { ...known, user },
        "GET consent": { ...consent, scopes },
        "GET integrations": {
          integrations: [done, { ...done, wallet_id: "wallet_2", alias: "Cold wallet" }],
        },
      };
    },
    steps: async (widget) => {
      await asGuest(widget);
      await widget.locator(".scopes .button-link").click();
    },
    shows: ".scope-box input",
  },
];

const CHOOSING: readonly View[] = [
  { name: "picker-sandbox", answers: inSandbox, shows: OPTION },
  {
    name: "picker",
    answers: (recorded) => ({
      ...inProduction(recorded),
      "GET providers": troubled(recorded),
      "GET integrations": { integrations: [{ ...recorded.done, persona: null }] },
    }),
    shows: OPTION,
  },
  {
    name: "picker-exchanges",
    answers: inProduction,
    steps: (widget) => widget.locator("[data-tab=exchange]").click(),
    shows: ".picker-empty",
  },
  { name: "picker-search", answers: inProduction, steps: search("bnb"), shows: ".row-active" },
  { name: "picker-nothing", answers: inProduction, steps: search("zzqqxx"), shows: ".picker-empty" },
  { name: "picker-address", answers: inProduction, steps: search(TEST_ADDRESS), shows: ".row-active" },
  {
    name: "picker-secret",
    answers: inProduction,
    steps: search("legal winner thank year wave sausage worth useful legal winner thank yellow"),
    shows: ".notice-error",
  },
  {
    name: "picker-loading",
    answers: (recorded) => ({ ...inSandbox(recorded), "GET providers": NEVER }),
    shows: ".picker .skeletons",
  },
];

const CONNECTING: readonly View[] = [
  {
    name: "form-solana",
    config: { integrationName: "solana" },
    answers: inProduction,
    shows: FIELD,
  },
  {
    name: "form-ethereum",
    config: { integrationName: "ethereum", extraConfig: { prefill: { address: TEST_ADDRESS } } },
    answers: (recorded) => ({
      ...inProduction(recorded),
      "GET providers": troubled(recorded),
      "POST detect-chains": manyDetected(recorded),
    }),
    shows: ".chain-chip",
  },
  {
    name: "form-looking",
    config: { integrationName: "ethereum", extraConfig: { prefill: { address: TEST_ADDRESS } } },
    answers: (recorded) => ({ ...inProduction(recorded), "POST detect-chains": NEVER }),
    shows: ".chain-looking",
  },
  {
    name: "form-wrong",
    config: { integrationName: "ethereum" },
    answers: inSandbox,
    steps: async (widget) => {
      await widget.locator(FIELD).fill("hello world");
      await widget.locator(PRIMARY).click();
    },
    shows: "[aria-invalid=true]",
  },
  {
    name: "form-duplicate",
    config: { integrationName: "solana", extraConfig: { prefill: { address: SOLANA_ADDRESS } } },
    answers: (recorded) => ({
      ...inSandbox(recorded),
      "POST integrations": new Refusal(409, "DUPLICATE_CONNECTION", {
        existing_wallet_id: recorded.done.wallet_id,
      }),
    }),
    steps: (widget) => widget.locator(PRIMARY).click(),
    shows: ".account-form .notice",
  },
  {
    name: "form-sandbox-refusal",
    config: { integrationName: "ethereum", extraConfig: { prefill: { address: TEST_ADDRESS } } },
    answers: (recorded) => ({
      ...inSandbox(recorded),
      "POST detect-chains": new Refusal(400, "SANDBOX_ADDRESS_NOT_ALLOWED"),
    }),
    shows: ".sandbox-help",
  },
  {
    name: "address",
    answers: (recorded) => ({ ...inProduction(recorded), "POST detect-chains": manyDetected(recorded) }),
    steps: async (widget) => {
      await widget.locator(SEARCH).fill(TEST_ADDRESS);
      await widget.locator(OPTION).first().click();
    },
    shows: ".chain-chip",
  },
  {
    name: "not-offered",
    config: { integrationName: "no-such-chain" },
    answers: inProduction,
    shows: ".problem",
  },
];

const ENDING: readonly View[] = [
  {
    name: "status-reading",
    answers: connecting(halfRead),
    steps: firstTestAccount,
    shows: ".connection-stage",
  },
  {
    name: "status-done",
    answers: connecting(({ done }) => done),
    steps: firstTestAccount,
    shows: ".status-picture-done",
  },
  { name: "status-partial", answers: connecting(inPart), steps: firstTestAccount, shows: ".stage-failed" },
  {
    name: "status-failed",
    answers: connecting(({ failed }) => failed),
    steps: firstTestAccount,
    shows: ".stage-failed",
  },
  {
    name: "status-link",
    answers: connecting(({ done }) => done),
    steps: async (widget) => {
      await firstTestAccount(widget);
      await widget.locator(".keep-control .button-link").first().click();
    },
    shows: ".copy-row",
  },
  {
    name: "status-address",
    answers: connecting(({ done }) => done),
    steps: async (widget) => {
      await firstTestAccount(widget);
      await widget.locator(".keep-control .button-link").last().click();
      await widget.locator(".keep-control input").fill("reader@example.com");
      await widget.locator(".keep-control form .button-primary").click();
    },
    shows: ".keep-control .code-input",
  },
  {
    name: "status-known",
    answers: (recorded) => {
      const user = recorded.known.user && {
        ...recorded.known.user,
        is_anonymous: false,
        email: "reader@example.com",
      };
      return {
        ...connecting(({ done }) => done)(recorded),
        "GET session": resumed({ ...recorded.known, user }),
      };
    },
    steps: firstTestAccount,
    shows: ".keep-control a",
  },
  {
    name: "status-nothing",
    answers: inSandbox,
    steps: (widget) => widget.locator(".picker .screen-foot .button-link").click(),
    shows: ".status-add",
  },
  {
    name: "status-remove",
    answers: connecting(({ done }) => done),
    steps: async (widget) => {
      await firstTestAccount(widget);
      await widget.locator(".connection-head .icon-button").click();
    },
    shows: "dialog.confirm[open]",
  },
  {
    name: "leave",
    config: { integrationName: "ethereum" },
    answers: inSandbox,
    steps: async (widget) => {
      await widget.locator(FIELD).fill("0x47c2");
      await widget.locator(".top-bar-end .icon-button").click();
    },
    shows: "dialog.confirm[open]",
  },
  {
    name: "repair",
    answers: (recorded) => ({
      "GET session": { ...resumed(recorded.known), repaired_wallet_id: recorded.failed.wallet_id },
      "GET integrations/*/status": recorded.failed,
    }),
    shows: ".repair-facts",
  },
  {
    name: "problem-expired",
    answers: () => ({
      "GET session": new Refusal(401, "TOKEN_EXPIRED"),
      "POST session/adopt": new Refusal(401, "TOKEN_EXPIRED"),
    }),
    shows: ".problem",
  },
  { name: "problem-offline", answers: () => ({ "GET session": NO_NETWORK }), shows: ".problem" },
];

export const VIEWS: readonly View[] = [...SIGNING_IN, ...CHOOSING, ...CONNECTING, ...OF_WALLETS, ...ENDING];

/** The main ones: for what is looked at in many ways. */
export const MAIN_VIEWS = VIEWS.filter(({ name }) =>
  ["landing", "consent-with-changes", "picker", "form-ethereum", "status-partial"].includes(name),
);
