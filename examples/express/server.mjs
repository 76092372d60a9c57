/**
 * An app's backend in Express: it creates link tokens, keeps access tokens, reads holdings, and disconnects.
 *
 * KRYPTOS_BASE_URL=http://127.0.0.1:4400 KRYPTOS_CLIENT_ID=client_… KRYPTOS_CLIENT_SECRET=secret_… node server.mjs
 *
 * It serves the page that `npm run build -w example-vite-react` makes. The client secret stays here: no page ever
 * sees it.
 */

import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";

import axios from "axios";
import express from "express";

const { KRYPTOS_BASE_URL, KRYPTOS_CLIENT_ID, KRYPTOS_CLIENT_SECRET } = process.env;
const { HOST = "127.0.0.1", PORT = "4500" } = process.env;
if (!KRYPTOS_BASE_URL || !KRYPTOS_CLIENT_ID || !KRYPTOS_CLIENT_SECRET) {
  throw new Error(
    "Set KRYPTOS_BASE_URL, KRYPTOS_CLIENT_ID and KRYPTOS_CLIENT_SECRET: `make demo` prints them.",
  );
}

// Ask for what the app shows, and for no more: the person reads this list before agreeing.
const SCOPES = "openid profile users:read portfolios:read transactions:read integrations:read";
const BEING_READ = new Set(["active", "ONGOING"]);
const PAGE = fileURLToPath(new URL("../vite-react/dist", import.meta.url));

const kryptos = axios.create({
  baseURL: KRYPTOS_BASE_URL,
  timeout: 30_000,
  headers: { "X-Client-Id": KRYPTOS_CLIENT_ID, "X-Client-Secret": KRYPTOS_CLIENT_SECRET },
});

/** What the exchange gave, by user. A real app keeps it in its database, the token encrypted. */
const accesses = new Map();

const app = express();
app.use(express.json());

// Stands in for the app's own sign-in: an id that nobody can guess, in a cookie that no script can read.
app.use((request, reply, next) => {
  request.userId =
    /(?:^|; )example_express=([\w-]{36})/.exec(request.headers.cookie ?? "")?.[1] ?? randomUUID();
  reply.cookie("example_express", request.userId, { httpOnly: true, sameSite: "lax" });
  next();
});

app.get("/api/config", (_request, reply) => {
  reply.json({ baseUrl: KRYPTOS_BASE_URL, clientId: KRYPTOS_CLIENT_ID });
});

// With the access token of a returning user, who then need not sign in again.
app.post("/api/kryptos/create-link-token", async (request, reply) => {
  const access = accesses.get(request.userId);
  if (access) {
    try {
      const resumed = await kryptos.post("/link-token", {
        scopes: SCOPES,
        access_token: access.access_token,
      });
      reply.json({ link_token: resumed.data.data.link_token, isAuthorized: true });
      return;
    } catch (error) {
      if (error.response?.status !== 401) throw error;
      accesses.delete(request.userId); // revoked or expired: begin anew
    }
  }
  const created = await kryptos.post("/link-token", { scopes: SCOPES });
  reply.json({ link_token: created.data.data.link_token, isAuthorized: false });
});

// Once; the key makes a repeated call harmless.
app.post("/api/kryptos/exchange-token", async (request, reply) => {
  const { public_token } = request.body;
  const exchanged = await kryptos.post(
    "/token/exchange",
    { public_token },
    { headers: { "Idempotency-Key": `exchange-${public_token}` } },
  );
  const { access_token, grant_id } = exchanged.data.data;
  accesses.set(request.userId, { access_token, grant_id });
  reply.json({ success: true });
});

// Everything the page shows. JavaScript numbers are good enough to show; compute with a decimal parser.
app.get("/api/kryptos/holdings", async (request, reply) => {
  const access = accesses.get(request.userId);
  if (!access) {
    reply.json({ isConnected: false });
    return;
  }
  const headers = { Authorization: `Bearer ${access.access_token}` };
  try {
    const accounts = (await kryptos.get("/api/v1/integrations", { headers })).data.data;
    const { holdings, summary, shortfalls } = (await kryptos.get("/api/v1/holdings", { headers })).data;
    const isReading = accounts.some((account) => BEING_READ.has(account.status));
    reply.json({ isConnected: true, isReading, accounts, holdings, summary, shortfalls });
  } catch (error) {
    if (error.response?.status !== 401) throw error;
    accesses.delete(request.userId); // the person took the access back
    reply.json({ isConnected: false, isRevoked: true });
  }
});

// Revoke the grant: the next call with its access token fails, everywhere.
app.post("/api/kryptos/disconnect", async (request, reply) => {
  const access = accesses.get(request.userId);
  if (access) {
    await kryptos.post("/token/revoke", { grant_id: access.grant_id });
    accesses.delete(request.userId);
  }
  reply.json({ success: true });
});

app.use(express.static(PAGE));

// Tells the page what the Connect server said, or that it could not be asked.
app.use((error, _request, reply, next) => {
  if (!axios.isAxiosError(error)) {
    next(error);
    return;
  }
  const said = error.response?.data;
  if (!said) console.error(`The Connect server could not be asked: ${error.message}`);
  reply.status(502).json({
    error: said?.error ?? `The Connect server at ${KRYPTOS_BASE_URL} could not be reached. Try again.`,
    code: said?.code ?? null,
  });
});

app.listen(Number(PORT), HOST, () => console.log(`http://${HOST}:${PORT}`));
