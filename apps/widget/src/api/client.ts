/** The widget's calls of its own server: credentials, retries, and a link token that is renewed without a word. */

import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { createKeyring } from "@kryptos_connect/ui/http/keyring.js";
import { type Call, type Fetch, type Method, request } from "@kryptos_connect/ui/http/request.js";
import { type Sleep, sleep, withRetries } from "@kryptos_connect/ui/http/retry.js";
import type { Api, Session, SignedIn } from "../contracts.js";

export { ApiError, asFailure, isUncertain } from "@kryptos_connect/ui/http/errors.js";

interface Options {
  readonly linkToken: string;
  readonly language: string;
  /** Where the host page stands: wallets sign for it. */
  readonly origin: string;
  /** Asks the host for another link token. */
  readonly renewToken: (reason: "expired" | "used") => Promise<string>;
  /** Whether a renewed token belongs to a new session, which takes over the old one's person and consent. */
  readonly adopts: boolean;
  /** The session goes on under a new token. */
  readonly onAdopted: (session: Session) => void;
  readonly fetch?: Fetch;
  readonly pause?: Sleep;
}

export interface ApiClient extends Api {
  /** The key that binds a session to this widget. */
  useWidgetKey(key: string | null): void;
  /** Begin again with a fresh link token, because the present one is of no more use. */
  restart(): Promise<void>;
  /** The request id of the newest answer. */
  readonly lastRequestId: string | null;
}

const enc = encodeURIComponent;

export function createApi(options: Options): ApiClient {
  const { fetch = (path, init) => globalThis.fetch(path, init), pause = sleep } = options;
  const under = createKeyring();
  let token = options.linkToken;
  let widgetKey: string | null = null;
  let lastRequestId: string | null = null;
  let renewal: Promise<void> | null = null;
  /** A fresh token that could not take over the session yet, because the network failed. */
  let unadopted: string | null = null;

  const once = async <T>(call: Call, key?: string, credential = token): Promise<T> => {
    const headers = {
      "X-LINK-TOKEN": credential,
      ...(widgetKey !== null && { "X-Widget-Key": widgetKey }),
      ...(key !== undefined && { "Idempotency-Key": key }),
    };
    try {
      const answer = await request<T>({ ...call, headers }, fetch);
      lastRequestId = answer.requestId ?? lastRequestId;
      return answer.value;
    } catch (failure) {
      if (failure instanceof ApiError) lastRequestId = failure.requestId ?? lastRequestId;
      throw failure;
    }
  };

  const renew = async () => {
    const previous = token;
    unadopted ??= await options.renewToken("expired");
    const fresh = unadopted;
    if (options.adopts) {
      const call = { method: "POST", path: "/link-token/session/adopt", body: { previous } } as const;
      try {
        const adopt = () => under(`adopt ${fresh}`, (key) => once<Session>(call, key, fresh));
        const session = await withRetries(adopt, pause);
        options.onAdopted(session);
      } catch (failure) {
        // Refused for good: the fresh token begins a session of its own.
        if (failure instanceof ApiError && failure.status > 0 && failure.status < 500) {
          token = fresh;
          unadopted = null;
        }
        throw failure;
      }
    }
    token = fresh;
    unadopted = null;
  };

  /** All calls that meet the expired token wait for one renewal. */
  const renewed = (used: string): Promise<void> => {
    if (used !== token) return Promise.resolve();
    renewal ??= renew().finally(() => {
      renewal = null;
    });
    return renewal;
  };

  const withRenewal = async <T>(work: () => Promise<T>): Promise<T> => {
    const used = token;
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof ApiError && failure.code === "TOKEN_EXPIRED")) throw failure;
      await renewed(used);
      return work();
    }
  };

  const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
    withRenewal(() => withRetries(() => once<T>({ method: "GET", path, signal }), pause));

  const change = <T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
    under(`${method} ${path} ${JSON.stringify(body)}`, (key) =>
      withRenewal(() => withRetries(() => once<T>({ method, path, body, signal }, key), pause)),
    );
  const post = <T>(path: string, body: unknown = {}, signal?: AbortSignal) =>
    change<T>("POST", path, body, signal);

  const signIn = async (path: string, body: unknown): Promise<SignedIn> => {
    const given = await post<SignedIn>(path, body);
    widgetKey = given.widget_key ?? null;
    return given;
  };

  return {
    get lastRequestId() {
      return lastRequestId;
    },
    useWidgetKey: (key) => {
      widgetKey = key;
    },
    restart: async () => {
      token = await options.renewToken("used");
      widgetKey = null;
    },
    session: () => get("/link-token/session"),
    startEmail: (email) => post("/link-token/auth/email/start", { email, language: options.language }),
    verifyEmail: (email, code) => signIn("/link-token/auth/email/verify", { email, code }),
    goAnonymous: () => signIn("/link-token/auth/anonymous", { language: options.language }),
    managementLink: () => post("/link-token/management-link"),
    startAddress: (email) => post("/link-token/email/start", { email, language: options.language }),
    addAddress: (email, code) => post("/link-token/email/verify", { email, code }),
    workspaces: async () => (await get<{ workspaces: never[] }>("/link-token/workspaces")).workspaces,
    chooseWorkspace: (workspace_id) => post("/link-token/workspace", { workspace_id }),
    consent: () => get("/link-token/consent"),
    giveConsent: (approved, scopes) => post("/link-token/consent", { approved, ...(scopes && { scopes }) }),
    providers: () => get("/link-token/providers"),
    detectChains: (address, signal) => post("/link-token/detect-chains", { address }, signal),
    resolveName: (name, signal) => post("/link-token/resolve-name", { name }, signal),
    challenge: (family, address, chain_id, origin = options.origin) =>
      post("/link-token/ownership/challenge", {
        family,
        address,
        origin,
        ...(chain_id !== undefined && { chain_id }),
      }),
    connect: (account) => post("/link-token/integrations", account),
    connections: async () => (await get<{ integrations: never[] }>("/link-token/integrations")).integrations,
    connection: (walletId) => get(`/link-token/integrations/${enc(walletId)}/status`),
    disconnect: (walletId) => change("DELETE", `/link-token/integrations/${enc(walletId)}`),
    appLogo: async (url) => (await post<{ logo: string | null }>("/link-token/app-logo", { url })).logo,
    complete: () => post("/link-token/complete"),
    exit: () => once({ method: "POST", path: "/link-token/exit", body: {} }, crypto.randomUUID()),
    record: (name, details) => {
      const body = { name, at: new Date().toISOString(), details };
      // Best effort: an event that is lost must not disturb anybody.
      once({ method: "POST", path: "/link-token/events", body }).catch(() => undefined);
    },
  };
}
