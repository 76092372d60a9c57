/** One sample of every variant of every message, typed: `samples.json` is the same for whoever reads no TypeScript. */

import type {
  FrameBlocked,
  FrameReady,
  HostHello,
  HostMessage,
  HostMethods,
  WidgetMessage,
} from "../src/index.js";

type Every<Message extends { readonly type: string }> = {
  readonly [type in Message["type"]]: readonly [
    Extract<Message, { type: type }>,
    ...Extract<Message, { type: type }>[],
  ];
};

export const FRAME: Every<FrameReady | FrameBlocked> = {
  ready: [{ kryptos: 1, type: "ready" }],
  blocked: [
    {
      kryptos: 1,
      type: "blocked",
      code: "EMBED_BLOCKED",
      message:
        "https://app.example is not among the allowed origins of this client. Add it in the client's settings.",
    },
  ],
};

export const HELLO: Every<HostHello> = {
  hello: [
    { kryptos: 1, type: "hello", v: 1, sdk: "web-sdk/0.1.0" },
    { kryptos: 1, type: "hello", v: 1, sdk: "mobile-sdk/0.1.0" },
  ],
};

export const HOST: Every<HostMessage> = {
  config: [
    { type: "config", appName: "My DeFi App", theme: "light" },
    {
      type: "config",
      appName: "My DeFi App",
      appLogo: "data:image/svg+xml,%3Csvg/%3E",
      theme: "auto",
      language: "pl",
      authMethods: ["email", "anonymous"],
      cssVars: { "--kc-primary": "#8b5cf6" },
      cssVarsDark: { "--kc-bg-primary": "#1a1a1a" },
      integrationName: "ethereum",
      prefill: { address: "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa", accountName: "Savings" },
      walletConnectProjectId: "project",
    },
  ],
  token: [
    { type: "token", linkToken: "link_abc123xyz789" },
    { type: "token", linkToken: "link_2", isAuthorized: true },
  ],
  "token-failed": [{ type: "token-failed", message: "generateLinkToken failed. Check your backend: 500" }],
  result: [
    {
      type: "result",
      id: 1,
      value: [
        { id: "evm:io.wallet", name: "Wallet", family: "evm", canProve: true },
      ] satisfies HostMethods["wallets.list"]["result"],
    },
    { type: "result", id: 4, value: { opened: true } satisfies HostMethods["link.open"]["result"] },
  ],
  failure: [
    { type: "failure", id: 2, code: "WALLET_REJECTED", message: "The request was declined in the wallet." },
  ],
  back: [{ type: "back" }],
};

export const WIDGET: Every<WidgetMessage> = {
  usable: [{ type: "usable" }],
  "need-token": [
    { type: "need-token", reason: "expired" },
    { type: "need-token", reason: "used" },
  ],
  event: [
    {
      type: "event",
      name: "consent.given",
      at: "2026-01-15T10:00:00.000Z",
      sessionId: "session_1",
      requestId: null,
      details: { scopes: 3 },
    },
  ],
  request: [
    {
      type: "request",
      id: 1,
      method: "wallets.list",
      params: {} satisfies HostMethods["wallets.list"]["params"],
    },
    {
      type: "request",
      id: 2,
      method: "wallet.accounts",
      params: { wallet: "evm:io.wallet" } satisfies HostMethods["wallet.accounts"]["params"],
    },
    {
      type: "request",
      id: 3,
      method: "wallet.prove",
      params: {
        wallet: "evm:io.wallet",
        address: "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa",
        message: "app.example wants you to sign in with your Ethereum account:\n…",
      } satisfies HostMethods["wallet.prove"]["params"],
    },
    {
      type: "request",
      id: 4,
      method: "link.open",
      params: { url: "https://support.example/keys" } satisfies HostMethods["link.open"]["params"],
    },
  ],
  success: [
    { type: "success", publicToken: "public_abc" },
    { type: "success", publicToken: null },
  ],
  exit: [
    { type: "exit", code: "USER_EXIT", message: "The person closed the widget." },
    { type: "exit", code: "INVALID_TOKEN", message: "The link token is not known.", requestId: "req_1" },
  ],
};

export const SAMPLES = { frame: FRAME, hello: HELLO, host: HOST, widget: WIDGET };
