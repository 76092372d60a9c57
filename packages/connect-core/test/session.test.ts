/** The session's state machine: every way in, every way out, one outcome each. */

import { beforeEach, expect, test } from "vitest";
import {
  createSession,
  KryptosConnectError,
  type Outcome,
  type Session,
  type SessionHost,
} from "../src/index.js";
import { FRAME, WIDGET } from "./samples.js";

const READY = FRAME.ready[0];

let log: string[];
let outcomes: Outcome[];
let tokens: unknown[];
let runOut: () => void;
let session: Session;
let host: SessionHost;

beforeEach(() => {
  log = [];
  outcomes = [];
  tokens = ["link_1", "link_2", "link_3"];
  runOut = () => log.push("no timer");
  host = {
    generateLinkToken: () => {
      log.push("generate");
      const next = tokens.shift();
      if (next instanceof Error) throw next;
      return next;
    },
    frame: (token) => log.push(token ? `frame ${token.linkToken}` : "frame"),
    ready: async () => {
      log.push("hello");
    },
    blocked: () => log.push("blocked"),
    send: (message) => log.push(`send ${JSON.stringify(message)}`),
    ask: async (method) => {
      if (method === "wallets.list") return [];
      throw Object.assign(
        new Error("declined"),
        method === "wallet.prove" ? { code: "WALLET_REJECTED" } : {},
      );
    },
    event: ({ name }) => log.push(`event ${name}`),
    remove: () => log.push("remove"),
    settle: (outcome) => {
      log.push("settle");
      outcomes.push(outcome);
    },
    after: (seconds, callback) => {
      log.push(`after ${seconds}`);
      runOut = callback;
      return () => log.push("stopped");
    },
  };
  session = createSession(host);
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function run(): Promise<void> {
  session.open(true);
  session.frameMessage(READY);
  await settled();
  log.length = 0;
}

const codes = (): unknown[] =>
  outcomes.map((each) => (each instanceof KryptosConnectError ? each.code : each));

test("frame and token are asked for at once; the token follows the hello", async () => {
  session.open(true);
  expect(log).toEqual(["after 20", "frame", "generate"]);
  session.open(true);
  session.frameMessage(READY);
  await settled();
  expect(log.slice(3)).toEqual([
    "stopped",
    "hello",
    'send {"type":"token","linkToken":"link_1","isAuthorized":false}',
  ]);
  expect(session.phase).toBe("running");
});

test("a late token is sent when it comes, once", async () => {
  let give: (token: string) => void = () => {};
  tokens = [new Promise((resolve) => (give = resolve))];
  await run();
  give("link_9");
  await settled();
  expect(log).toEqual(['send {"type":"token","linkToken":"link_9","isAuthorized":false}']);
});

test("without a client the frame waits for the token", async () => {
  session.open(false);
  expect(log).toEqual(["generate"]);
  await settled();
  expect(log).toEqual(["generate", "after 20", "frame link_1"]);
});

test("success ends it, and nothing comes after", async () => {
  await run();
  session.portMessage({ type: "success", publicToken: "public_1" });
  session.portMessage({ type: "exit", code: "X", message: "x" });
  session.portMessage({ type: "need-token", reason: "used" });
  session.frameMessage(READY);
  session.close();
  session.unmount();
  session.fail(new Error("late"));
  runOut();
  await settled();
  expect(outcomes).toEqual([{ publicToken: "public_1" }]);
  expect(log).toEqual(["stopped", "remove", "settle"]);
});

test("a returning person has no public token", async () => {
  await run();
  session.portMessage({ type: "success", publicToken: null });
  expect(outcomes).toEqual([{ publicToken: null }]);
});

test.each([
  { type: "success" },
  { type: "success", publicToken: "" },
  { type: "success", publicToken: 5 },
  null,
  "success",
  5,
  { type: "constructor" },
  { type: "future", x: 1 },
])("%j is ignored", async (message) => {
  await run();
  session.portMessage(message);
  session.frameMessage(message);
  await settled();
  expect(log).toEqual([]);
  expect(session.phase).toBe("running");
});

test("the token never overtakes the config", async () => {
  let greeted: () => void = () => {};
  host.ready = () => new Promise((resolve) => (greeted = resolve));
  session.open(true);
  session.frameMessage(READY);
  await settled();
  expect(log).toEqual(["after 20", "frame", "generate", "stopped"]);
  greeted();
  await settled();
  expect(log.slice(4)).toEqual(['send {"type":"token","linkToken":"link_1","isAuthorized":false}']);
});

test("the widget's exit carries code, message and request id", async () => {
  await run();
  session.portMessage(WIDGET.exit[1]);
  expect(outcomes).toMatchObject([
    { code: "INVALID_TOKEN", message: "The link token is not known.", requestId: "req_1" },
  ]);
});

test("a new token is generated when the last one ran out; two wishes at a time are one", async () => {
  await run();
  session.portMessage({ type: "need-token", reason: "expired" });
  session.portMessage({ type: "need-token", reason: "expired" });
  await settled();
  expect(log).toEqual(["generate", 'send {"type":"token","linkToken":"link_2","isAuthorized":false}']);
});

test("a token that fails while the widget runs can be tried again there", async () => {
  tokens = ["link_1", new Error("backend is down"), undefined, "link_4"];
  await run();
  for (const wish of [1, 2, 3]) {
    session.portMessage({ type: "need-token", reason: "expired", wish });
    await settled();
  }
  expect(log.filter((line) => line.startsWith("send"))).toEqual([
    'send {"type":"token-failed","message":"generateLinkToken failed. Check your backend: backend is down"}',
    expect.stringContaining("Return { link_token"),
    'send {"type":"token","linkToken":"link_4","isAuthorized":false}',
  ]);
  expect(outcomes).toEqual([]);
});

test.each([true, false])(
  "a token that fails before the widget runs ends it (client known: %s)",
  async (isKnown) => {
    const cause = new Error("500");
    tokens = [cause];
    session.open(isKnown);
    await settled();
    expect(outcomes).toMatchObject([{ code: "LINK_TOKEN_FAILED", cause }]);
    expect(log.at(-2)).toBe("remove");
  },
);

test("a frame that is reloaded gets hello and the newest token again", async () => {
  await run();
  session.portMessage({ type: "need-token", reason: "used" });
  await settled();
  log.length = 0;
  session.frameMessage(READY);
  await settled();
  expect(log).toEqual([
    "stopped",
    "hello",
    'send {"type":"token","linkToken":"link_2","isAuthorized":false}',
  ]);
});

test("a reloaded frame that has no token, asks for one", async () => {
  tokens = ["link_1", new Error("500"), "link_3"];
  await run();
  session.portMessage({ type: "need-token", reason: "used" });
  await settled();
  session.frameMessage(READY);
  await settled();
  expect(log.at(-1)).toContain("link_3");
});

test("a frame that never listens is unreachable", () => {
  session.open(true);
  runOut();
  expect(codes()).toEqual(["WIDGET_UNREACHABLE"]);
  expect(log.slice(-2)).toEqual(["remove", "settle"]);
});

test("a blocked frame is shown, told at once, and taken away by the person", async () => {
  tokens = [settled().then(() => Promise.reject(new Error("too late to matter")))];
  session.open(true);
  session.frameMessage(FRAME.blocked[0]);
  await settled();
  await settled();
  expect(codes()).toEqual(["EMBED_BLOCKED"]);
  expect(session.phase).toBe("blocked");
  expect(log).not.toContain("remove");
  session.frameMessage(READY);
  session.back();
  expect(log.slice(-1)).toEqual(["remove"]);
  expect(outcomes).toHaveLength(1);
});

test("messages of others are ignored", () => {
  session.open(true);
  session.frameMessage({ type: "ready" });
  session.frameMessage({ kryptos: 2, type: "ready" });
  session.frameMessage(undefined);
  expect(session.phase).toBe("waiting");
});

test("back goes to a running widget, and ends everything else", async () => {
  await run();
  session.back();
  expect(log).toEqual(['send {"type":"back"}']);
  session.close();
  expect(codes()).toEqual(["USER_EXIT"]);

  const other = createSession(host);
  other.open(true);
  other.back();
  expect(codes()).toEqual(["USER_EXIT", "USER_EXIT"]);
});

test("unmounting and breaking are outcomes too", () => {
  session.open(true);
  session.unmount();
  const other = createSession(host);
  other.open(true);
  other.fail(new TypeError("no frame"));
  expect(codes()).toEqual(["HOST_UNMOUNTED", "WIDGET_FAILED"]);
});

test("a token that comes after the end starts nothing", async () => {
  session.open(false);
  session.close();
  await settled();
  expect(log).toEqual(["generate", "stopped", "remove", "settle"].filter((line) => line !== "stopped"));
});

test("a frame that cannot be greeted ends it", async () => {
  host.ready = () => Promise.reject(new Error("detached"));
  session.open(true);
  session.frameMessage(READY);
  await settled();
  expect(codes()).toEqual(["WIDGET_FAILED"]);
});

test("requests are answered by result or failure; events are handed on", async () => {
  await run();
  for (const [id, method] of ["wallets.list", "wallet.prove", "wallet.other"].entries()) {
    session.portMessage({ type: "request", id, method, params: {} });
  }
  session.portMessage(WIDGET.event[0]);
  session.portMessage({ type: "event" });
  await expect.poll(() => log, { timeout: 15_000 }).toHaveLength(4);
  expect(log).toEqual([
    "event consent.given",
    'send {"type":"result","id":0,"value":[]}',
    'send {"type":"failure","id":1,"code":"WALLET_REJECTED","message":"declined"}',
    'send {"type":"failure","id":2,"code":"HOST_FAILED","message":"declined"}',
  ]);
});
