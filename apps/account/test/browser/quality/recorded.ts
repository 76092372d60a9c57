/** What the server answers, in its shapes (`journey.test.ts` compares them with the real ones); times are around now. */

import type { Access, Accesses, Connection, Grant, Receipt, Session } from "../../../src/contracts.js";

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

export const GUEST: Session = {
  person: {
    id: "user_guest",
    email: null,
    is_guest: true,
    language: "en",
    created_at: ago(24 * 40),
  },
  csrf_token: "csrf-token-of-the-views",
};

export const PERSON: Session = {
  ...GUEST,
  person: { ...GUEST.person, id: "user_person", email: "reader@example.com", is_guest: false },
};

const LEDGERLY: Grant = {
  grant_id: "grant_1",
  client: { id: "client_1", name: "Ledgerly", mode: "production", logo: null },
  workspace: { id: "ws_1", name: "Personal" },
  scopes: [
    "openid",
    "profile",
    "email",
    "offline_access",
    "portfolios:read",
    "transactions:read",
    "balances:read",
    "integrations:read",
    "tax:read",
    "reports:read",
    "transactions:write",
  ],
  status: "active",
  granted_at: ago(24 * 31),
  renewed_at: ago(24 * 3),
  expires_at: ago(-24 * 365 * 15),
  ended_at: null,
  ended_by: null,
  last_access_at: ago(2),
  accesses_last_30_days: 124,
};

const TEST_APP: Grant = {
  ...LEDGERLY,
  grant_id: "grant_2",
  client: { id: "client_2", name: "Tax helper of Müller, Wójcik & Partners", mode: "sandbox", logo: null },
  scopes: ["openid", "portfolios:read"],
  renewed_at: null,
  last_access_at: null,
  accesses_last_30_days: 0,
};

const ENDED: Grant = {
  ...LEDGERLY,
  grant_id: "grant_3",
  client: { id: "client_3", name: "Old portfolio tracker", mode: "production", logo: null },
  status: "revoked",
  ended_at: ago(24 * 12),
  ended_by: "person",
  last_access_at: ago(24 * 13),
  accesses_last_30_days: 8,
};

export const GRANTS: readonly Grant[] = [
  LEDGERLY,
  TEST_APP,
  ENDED,
  { ...ENDED, grant_id: "grant_4", status: "expired" },
];

const READINGS: readonly [string, number | null][] = [
  ["/api/v1/holdings", 12],
  ["/api/v1/transactions", 100],
  ["/api/v1/transactions", 57],
  ["/api/v1/integrations", 3],
  ["/api/v1/userinfo", null],
  ["/api/v1/integrations/{wallet_id}/resync", 1],
];

export const ACCESSES: Accesses = {
  accesses: Array.from({ length: 14 }, (_, at): Access => {
    const [endpoint, rows] = READINGS[at % READINGS.length] ?? ["/api/v1/holdings", 1];
    return { id: `acc_${at}`, at: ago(2 + at * 7), endpoint, rows };
  }),
  next: "acc_14",
};

const RECEIPT: Receipt = {
  id: "rcpt_1",
  event: "given",
  issued_at: ago(24 * 31),
  file: {
    receipt: "eyJhbGciOiJFZERTQSJ9.eyJ2ZXJzaW9uIjoiMSJ9.c2lnbmF0dXJl",
    keys: { keys: [] },
    content: {},
  },
};

export const RECEIPTS: readonly Receipt[] = [
  { ...RECEIPT, id: "rcpt_2", event: "renewed", issued_at: ago(24 * 3) },
  RECEIPT,
];

const APPS = [
  { client_id: "client_1", name: "Ledgerly" },
  { client_id: "client_2", name: "Tax helper of Müller, Wójcik & Partners" },
];

const WALLET: Connection = {
  wallet_id: "wallet_1",
  provider: { id: "metamask", name: "MetaMask", logo: null },
  category: "wallet",
  alias: "Savings",
  address: "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa",
  chains: ["Ethereum", "Polygon", "Base", "Arbitrum One", "Optimism", "Gnosis", "Linea", "Scroll"].map(
    (name) => ({ id: name.toLowerCase(), name }),
  ),
  status: "COMPLETED",
  status_text: null,
  is_paused: false,
  last_synced_at: ago(1),
  added_at: ago(24 * 31),
  transactions: 1204,
  mode: "production",
  workspace: { id: "ws_1", name: "Personal" },
  apps: APPS,
  can_remove: true,
};

export const CONNECTIONS: readonly Connection[] = [
  WALLET,
  {
    ...WALLET,
    wallet_id: "wallet_2",
    provider: { id: "solana", name: "Solana", logo: null },
    alias: null,
    address: "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1",
    chains: [{ id: "solana", name: "Solana" }],
    status: "PARTIALLY SYNCED",
    transactions: 38,
    mode: "sandbox",
    apps: APPS.slice(0, 1),
  },
  {
    ...WALLET,
    wallet_id: "wallet_3",
    provider: { id: "bitcoin", name: "Bitcoin", logo: null },
    alias: "Cold storage",
    address: "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
    chains: [{ id: "bitcoin", name: "Bitcoin" }],
    status: "active",
    is_paused: true,
    last_synced_at: null,
    transactions: 0,
    apps: [],
  },
];
