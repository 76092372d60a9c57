/** What the real server answers, asked once; every view's answers are made from these, so that none is invented. */

import { randomUUID } from "node:crypto";

import { vi } from "vitest";

import type {
  Connection,
  ConsentAsked,
  Detected,
  Providers,
  Session,
  SignedIn,
} from "../../../src/contracts.js";
import type { Demo } from "../support/demo.js";
import { KRYPTOS, run } from "../support/repository.js";
import { TEST_ADDRESS } from "../support/widget.js";

export interface Recorded {
  /** Before, and after, a guest has signed in. */
  readonly begun: Session;
  readonly known: Session;
  readonly signedIn: SignedIn;
  readonly consent: ConsentAsked;
  readonly sandbox: Providers;
  /** What an app that reaches real accounts offers. */
  readonly real: Providers;
  readonly detected: Detected;
  /** Test accounts: just connected, read to the end, and one that cannot be read. */
  readonly reading: Connection;
  readonly done: Connection;
  readonly failed: Connection;
}

type Call = <T>(method: string, path: string, body?: object) => Promise<T>;

export async function record(demo: Demo): Promise<Recorded> {
  const call = await openSession(demo, demo.facts);
  const begun = await call<Session>("GET", "session");
  const signedIn = await call<SignedIn>("POST", "auth/anonymous", {});
  const known = await call<Session>("GET", "session");
  const consent = await call<ConsentAsked>("GET", "consent");
  await call("POST", "consent", { approved: true });
  const sandbox = await call<Providers>("GET", "providers");
  const detected = await call<Detected>("POST", "detect-chains", { address: TEST_ADDRESS });
  const connect = (persona: string) =>
    call<Connection>("POST", "integrations", { provider: "ethereum", persona });
  const [reading, broken] = [await connect("trader"), await connect("broken")];
  const [done, failed] = await Promise.all([ended(call, reading), ended(call, broken)]);
  const real = await realProviders(demo);
  return { begun, known, signedIn, consent, sandbox, real, detected, reading, done, failed };
}

async function openSession(demo: Demo, app: { readonly client_id: string; readonly client_secret: string }) {
  const created = await send<{ link_token: string }>(
    `${demo.baseUrl}/link-token`,
    "POST",
    {},
    {
      "X-Client-Id": app.client_id,
      "X-Client-Secret": app.client_secret,
    },
  );
  const headers = { "X-LINK-TOKEN": created.link_token };
  const call: Call = (method, path, body) =>
    send(`${demo.baseUrl}/link-token/${path}`, method, body, headers);
  return call;
}

async function send<T>(
  url: string,
  method: string,
  body: object | undefined,
  credentials: Readonly<Record<string, string>>,
): Promise<T> {
  const headers = { "Content-Type": "application/json", ...credentials };
  const reply = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const { data, error } = (await reply.json()) as { data: T; error?: string };
  if (!reply.ok) throw new Error(`${method} ${url} answered ${reply.status}: ${error}`);
  return data;
}

/** Ask until nothing moves any more. */
function ended(call: Call, { wallet_id }: Connection): Promise<Connection> {
  const look = async () => {
    const connection = await call<Connection>("GET", `integrations/${wallet_id}/status`);
    return ["COMPLETED", "FAILED"].includes(connection.status) && connection;
  };
  return vi.waitUntil(look, { timeout: 60_000, interval: 250 }) as Promise<Connection>;
}

/** Another app of the same installation, one that reaches real accounts, is asked for its list; nothing is read there. */
async function realProviders(demo: Demo): Promise<Providers> {
  const created = await run(
    KRYPTOS,
    ["client", "create", `Real app ${randomUUID()}`, "--mode", "production", "--json"],
    { ...process.env, KRYPTOS_DATA_DIR: demo.directory },
  );
  const call = await openSession(demo, JSON.parse(created));
  await call("POST", "auth/anonymous", {});
  await call("POST", "consent", { approved: true });
  return call("GET", "providers");
}
