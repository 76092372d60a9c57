/** Answers the widget's calls in the server's place, so that a view is reached at once and is the same each time. */

import type { Page, Route } from "playwright-core";

import type { Session } from "../../../src/contracts.js";
import type { Recorded } from "./recorded.js";

/** As the server refuses: with its envelope, a status, and whatever stands beside the code. */
export class Refusal {
  readonly status: number;
  readonly body: object;

  constructor(status: number, code: string, besides: object = {}) {
    this.status = status;
    this.body = { success: false, error: "Refused.", code, request_id: "req_1f2e3d4c5b6a", ...besides };
  }
}

export const NO_NETWORK = Symbol("the network is gone");
export const NEVER = Symbol("nobody answers");

type Answer = object | Refusal | typeof NO_NETWORK | typeof NEVER;

/** By method and path, ids left out: `GET integrations/…/status`. */
export type Answers = Readonly<Record<string, Answer>>;

/** A guest of an app in test mode, with everything going well. */
export function ordinary(recorded: Recorded): Answers {
  const { begun, known, signedIn, consent, sandbox, detected, reading } = recorded;
  return {
    "GET session": begun,
    "GET session, then": known,
    "POST auth/email/start": {},
    "POST auth/email/verify": signedIn,
    "POST auth/anonymous": signedIn,
    "GET workspaces": { workspaces: signedIn.workspaces },
    "GET consent": consent,
    "POST consent": resumed(known),
    "GET providers": sandbox,
    "GET integrations": { integrations: [] },
    "POST detect-chains": detected,
    "POST integrations": reading,
    "GET integrations/*/status": reading,
    "POST app-logo": { logo: null },
    "POST events": {},
    "POST management-link": { url: `https://connect.example/account#manage=${"k3y-".repeat(10)}` },
    "POST email/start": {},
    "POST exit": {},
    "POST complete": { public_token: null },
  };
}

/** A person who is known already: the widget begins with the list. */
export function resumed(session: Session): Session {
  return { ...session, stage: "INTEGRATION", is_resumed: true };
}

/** Answer every call of a page; after a sign-in the session is another, as on the server. */
export async function answerCalls(page: Page, answers: Answers): Promise<void> {
  let session = answers["GET session"];
  await page.route("**/link-token/**", (route) => {
    const name = nameOf(route);
    if (name === "POST auth/anonymous") session = answers["GET session, then"];
    return give(route, name === "GET session" ? session : answers[name], name);
  });
}

function nameOf(route: Route): string {
  const request = route.request();
  const path = new URL(request.url()).pathname.replace("/link-token/", "");
  return `${request.method()} ${path.replace(/wallet_\w+/, "*")}`;
}

async function give(route: Route, answer: Answer | undefined, name: string): Promise<void> {
  if (answer === undefined) throw new Error(`no answer was prepared for ${name}`);
  if (answer === NEVER) return;
  if (answer === NO_NETWORK) return route.abort("internetdisconnected");
  const headers = { "X-Request-Id": "req_1f2e3d4c5b6a" };
  if (answer instanceof Refusal) return route.fulfill({ status: answer.status, headers, json: answer.body });
  return route.fulfill({ headers, json: { success: true, data: answer } });
}
