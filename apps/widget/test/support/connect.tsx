/** A `Connect` whose every call a test can replace, and a way to render a screen in it. */

import { render } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { vi } from "vitest";
import { ConnectProvider } from "../../src/app/connect.js";
import type { Api, Config, Connect, Host, Session } from "../../src/contracts.js";
import { createTexts } from "../../src/i18n/texts.js";

export const SESSION: Session = {
  session_id: "lsess_test",
  stage: "INIT",
  expires_at: "2030-01-01T00:30:00Z",
  is_resumed: false,
  app: { client_id: "client_test", name: "Ledgerly", mode: "production" },
  scopes: ["openid", "portfolios:read"],
  auth_methods: ["email", "anonymous"],
  user: null,
  workspace: null,
  consent: null,
  repaired_wallet_id: null,
  redirect_uri: null,
  privacy_url: null,
  terms_url: null,
  walletconnect: null,
};

export const CONFIG: Config = {
  appName: "Ledgerly",
  appLogo: null,
  theme: "light",
  language: "en",
  authMethods: null,
  cssVars: {},
  cssVarsDark: {},
  integrationName: null,
  prefill: {},
  walletConnectProjectId: null,
};

/** Replace some calls; any other call of the API fails the test. */
export function fakeApi(calls: Partial<Api> = {}): Api {
  return new Proxy(calls as Api, {
    get: (target, name: keyof Api) =>
      target[name] ??
      (() => {
        throw new Error(`the test did not expect a call of ${name}`);
      }),
  });
}

export function fakeHost(calls: Partial<Host> = {}): Host {
  return {
    kind: "frame",
    config: async () => CONFIG,
    linkToken: async () => "link_test",
    renewToken: async () => "link_test_2",
    usable: vi.fn(),
    event: vi.fn(),
    succeed: vi.fn(),
    exit: vi.fn(),
    ask: vi.fn(),
    onBack: () => () => undefined,
    ...calls,
  };
}

export function fakeConnect(given: Partial<Connect> = {}): Connect {
  const session = given.session ?? SESSION;
  return {
    host: fakeHost(),
    api: fakeApi(),
    config: CONFIG,
    session,
    appName: session.app.name,
    appLogo: null,
    t: TEXTS.t,
    has: TEXTS.has,
    language: "en",
    providers: async () => ({ providers: [], test_accounts: [] }),
    connected: [],
    putConnected: vi.fn(),
    removeConnected: vi.fn(),
    setSession: vi.fn(),
    signedIn: vi.fn(async () => undefined),
    go: vi.fn(),
    back: vi.fn(),
    canGoBack: false,
    next: vi.fn(),
    leave: vi.fn(),
    exit: vi.fn(),
    finish: vi.fn(async () => undefined),
    guard: vi.fn(() => () => undefined),
    report: vi.fn(),
    ...given,
  };
}

const TEXTS = createTexts("en");
await TEXTS.load("connect");

export function renderIn(connect: Connect, screen: ComponentChild) {
  return render(<ConnectProvider value={connect}>{screen}</ConnectProvider>);
}
