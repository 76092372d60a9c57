/** Answers the page's calls in the server's place, so that a view is reached at once and is the same each time. */

import type { Page, Route } from "playwright-core";
import { ACCESSES, CONNECTIONS, GRANTS, GUEST, RECEIPTS } from "./recorded.js";

/** As the server refuses: with its envelope, a status, and whatever stands beside the code. */
export class Refusal {
  readonly status: number;
  readonly body: object;

  constructor(status: number, code: string) {
    this.status = status;
    this.body = { success: false, error: "Refused.", code, request_id: "req_1f2e3d4c5b6a" };
  }
}

export const NO_NETWORK = Symbol("the network is gone");
export const NEVER = Symbol("nobody answers");
export const NOT_SIGNED_IN = new Refusal(401, "NOT_SIGNED_IN");

export type Answer = object | Refusal | typeof NO_NETWORK | typeof NEVER;

/** By method and path, ids left out: `GET grants/…/accesses`. */
export type Answers = Readonly<Record<string, Answer>>;

const ERASED = { state: "done", counts: { transactions: 1204, integrations: 3 }, proof: { proof: "x.y.z" } };

/** A guest who is signed in, with everything going well. */
export const ORDINARY: Answers = {
  "GET session": GUEST,
  "POST sign-in/start": { challenge: "challenge_1" },
  "POST sign-in/verify": GUEST,
  "POST sign-in/link": GUEST,
  "POST sign-out": {},
  "POST email/start": { challenge: "challenge_2" },
  "POST email/verify": { session: GUEST, has_claimed: false },
  "POST management-link": { url: `https://connect.example/account#manage=${"k3y-".repeat(10)}` },
  "GET grants": { grants: GRANTS, next: null },
  "GET grants/*/accesses": ACCESSES,
  "GET grants/*/receipts": { receipts: RECEIPTS, next: null },
  "POST grants/*/revoke": {},
  "POST grants/revoke-all": { revoked: 2 },
  "GET connections": { connections: CONNECTIONS },
  "DELETE connections/*": {},
  "POST erasure/start": { challenge: null },
  "POST erasure": { erasure_id: "era_1", key: "erasure-key" },
  "POST erasure/*/status": ERASED,
};

export async function answerCalls(page: Page, answers: Answers): Promise<void> {
  await page.route("**/account/api/**", (route) => give(route, answers[nameOf(route)], nameOf(route)));
  // Pictures of apps and providers are the server's.
  await page.route("**/connect/logo/**", (route) => route.abort());
}

function nameOf(route: Route): string {
  const request = route.request();
  const path = new URL(request.url()).pathname.replace("/account/api/", "");
  return `${request.method()} ${path.replace(/\b(grant|wallet|era)_\w+/, "*")}`;
}

async function give(route: Route, answer: Answer | undefined, name: string): Promise<void> {
  if (answer === undefined) throw new Error(`no answer was prepared for ${name}`);
  if (answer === NEVER) return;
  if (answer === NO_NETWORK) return route.abort("internetdisconnected");
  const headers = { "X-Request-Id": "req_1f2e3d4c5b6a" };
  if (answer instanceof Refusal) return route.fulfill({ status: answer.status, headers, json: answer.body });
  return route.fulfill({ headers, json: { success: true, data: answer } });
}
