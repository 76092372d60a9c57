/** The widget as a page of its own: somebody followed a link to `/connect/l/<session>#<key>`. */

import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { type Fetch, request } from "@kryptos_connect/ui/http/request.js";
import type { Host, Language, Theme } from "../contracts.js";
import { readConfig } from "./config.js";
import { forget, recall, remember } from "./storage.js";

/** What is used of a `window`. */
export interface PageWindow {
  readonly location: Pick<Location, "pathname" | "search" | "hash" | "assign">;
  readonly history: Pick<History, "replaceState" | "state">;
}

/** A host that also learns where to lead at the end: the session says it. */
export interface PageHost extends Host {
  leadTo(redirectUri: string | null): void;
}

const PATH = /^\/connect\/l\/([\w-]+)\/?$/;

/** The hosted session that a path names, or null. */
export function hostedSession(path: string): string | null {
  return PATH.exec(path)?.[1] ?? null;
}

/** Where a session's page leads at its end: an address of the app, which the session's id tells which one it was. */
export function returnAddress(redirectUri: string, sessionId: string): string {
  const target = new URL(redirectUri);
  target.searchParams.append("session_id", sessionId);
  return target.href;
}

export function openPage(
  page: PageWindow,
  sessionId: string,
  otherwise: { readonly theme: Theme; readonly language: Language },
  fetch: Fetch = (path, init) => globalThis.fetch(path, init),
): PageHost {
  const key = page.location.hash.slice(1);
  // The key opens the session: it must not stay where it is shown, copied and remembered.
  if (key !== "")
    page.history.replaceState(page.history.state, "", page.location.pathname + page.location.search);
  const stored = `token:${sessionId}`;
  let redirectUri: string | null = null;
  let hasEnded = false;

  const exchange = async (): Promise<string> => {
    if (key === "") throw new ApiError({ code: "HOSTED_LINK_USED" });
    const body = { session_id: sessionId, key };
    const call = { method: "POST", path: "/link-token/hosted", body } as const;
    const { value } = await request<{ link_token: string }>(call, fetch);
    remember(stored, value.link_token);
    return value.link_token;
  };

  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    forget(stored);
    if (redirectUri === null) return;
    page.location.assign(returnAddress(redirectUri, sessionId));
  };

  return {
    kind: "page",
    config: async () => readConfig({}, otherwise),
    linkToken: async () => (key === "" ? recall(stored) : null) ?? exchange(),
    renewToken: exchange,
    usable: () => undefined,
    event: () => undefined,
    succeed: end,
    exit: end,
    ask: async (method, params) => {
      const { answer } = await import("./page-wallets.js");
      return answer(method, params) as Promise<never>;
    },
    onBack: () => () => undefined,
    leadTo: (uri) => {
      redirectUri = uri;
    },
  };
}
