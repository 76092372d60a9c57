/** The page's calls of its own server: the session's cookie travels by itself, what guards against forged calls does not. */

import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { type Call, type Fetch, request } from "@kryptos_connect/ui/http/request.js";
import { type Sleep, sleep, withRetries } from "@kryptos_connect/ui/http/retry.js";
import type { Accesses, Api, Challenge, Connection, Grant, Receipt, Session } from "../contracts.js";
import { download } from "./download.js";

interface Options {
  /** A call was refused because there is no session (any more). */
  readonly onSignedOut: () => void;
  readonly fetch?: Fetch;
  readonly pause?: Sleep;
}

/** A list by its name, and where to go on. */
type Page<T> = Readonly<Record<string, readonly T[] | string | null>>;

const BASE = "/account/api";
const enc = encodeURIComponent;

export function createApi({ onSignedOut, fetch = globalFetch, pause = sleep }: Options): Api {
  /** In memory alone: whoever reads a cookie or a storage does not find it. */
  let csrfToken: string | null = null;

  const headers = () => (csrfToken === null ? {} : { "X-CSRF-Token": csrfToken });

  const once = async <T>(method: Call["method"], path: string, body?: unknown): Promise<T> => {
    const guard = method === "GET" ? {} : headers();
    const call = { method, path: BASE + path, body, headers: guard, credentials: "same-origin" } as const;
    try {
      return (await request<T>(call, fetch)).value;
    } catch (failure) {
      if (isSignedOut(failure)) onSignedOut();
      throw failure;
    }
  };
  const get = <T>(path: string) => withRetries(() => once<T>("GET", path), pause);
  /** Everything of a list that is answered in pages. */
  const all = async <T>(path: string, name: string): Promise<T[]> => {
    const found: T[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const query: string = next === "" ? "" : `?before=${enc(next)}`;
      const page: Page<T> = await get(path + query);
      found.push(...(page[name] as T[]));
      next = page["next"] as string | null;
    }
    return found;
  };
  const post = <T>(path: string, body: unknown = {}) => once<T>("POST", path, body);
  /** Done twice it changes no more than done once. */
  const settle = <T>(method: "POST" | "DELETE", path: string) =>
    withRetries(() => once<T>(method, path, method === "POST" ? {} : undefined), pause);

  /** A new session has a guard of its own. */
  const guarded = (session: Session): Session => {
    csrfToken = session.csrf_token;
    return session;
  };

  return {
    session: async () => guarded(await get("/session")),
    startSignIn: (email, language) => post<Challenge>("/sign-in/start", { email, language }),
    verifySignIn: async (proven) => guarded(await post("/sign-in/verify", proven)),
    openLink: async (key) => guarded(await post("/sign-in/link", { key })),
    signOut: async () => {
      await post("/sign-out");
      csrfToken = null;
    },
    startEmail: (email, language) => post<Challenge>("/email/start", { email, language }),
    verifyEmail: async (proven) => {
      const added = await post<{ session: Session; has_claimed: boolean }>("/email/verify", proven);
      return { session: guarded(added.session), hasClaimed: added.has_claimed };
    },
    managementLink: () => post("/management-link"),
    grants: () => all<Grant>("/grants", "grants"),
    accesses: (grantId, before) =>
      get<Accesses>(`/grants/${enc(grantId)}/accesses${before === null ? "" : `?before=${enc(before)}`}`),
    receipts: (grantId) => all<Receipt>(`/grants/${enc(grantId)}/receipts`, "receipts"),
    revoke: (grantId) => settle("POST", `/grants/${enc(grantId)}/revoke`),
    revokeAll: () => settle("POST", "/grants/revoke-all"),
    connections: async () => (await get<{ connections: Connection[] }>("/connections")).connections,
    disconnect: (walletId) => settle("DELETE", `/connections/${enc(walletId)}`),
    exportData: async (onProgress) => {
      try {
        return await download(`${BASE}/export`, onProgress, fetch);
      } catch (failure) {
        if (isSignedOut(failure)) onSignedOut();
        throw failure;
      }
    },
    startErasure: () => post("/erasure/start"),
    erase: (proof) => post("/erasure", { ...proof, confirmation: "erase" }),
    erasure: ({ erasure_id, key }) => once("POST", `/erasure/${enc(erasure_id)}/status`, { key }),
  };
}

const globalFetch: Fetch = (path, init) => globalThis.fetch(path, init);

function isSignedOut(failure: unknown): boolean {
  return failure instanceof ApiError && failure.code === "NOT_SIGNED_IN";
}
