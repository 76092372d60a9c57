/** The client against a local server: what it sends, and what it gives back. */

import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { createKryptosClient } from "../src/index.js";

interface Received {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const GRANTS = { success: true, data: { grants: [], count: 0 } };
const REFUSAL = { success: false, error: "Unknown client.", code: "INVALID_CLIENT" };

let server: Server;
let baseUrl: string;
let received: Received[];

before(async () => {
  server = createServer(async (request, response) => {
    const chunks: string[] = [];
    for await (const chunk of request.setEncoding("utf8")) chunks.push(String(chunk));
    received.push({
      line: `${request.method} ${request.url}`,
      headers: request.headers,
      body: chunks.join(""),
    });
    const isKnown = request.headers["x-client-id"] === "client_1";
    response.writeHead(isKnown ? 200 : 401, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isKnown ? GRANTS : REFUSAL));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  received = [];
});

after(() => server.close());

function only(calls: readonly Received[]): Received {
  const [call, ...others] = calls;
  assert.ok(call);
  assert.equal(others.length, 0);
  return call;
}

test("sends the client's credentials and the person's token", async () => {
  const kryptos = createKryptosClient({
    baseUrl: `${baseUrl}/`,
    accessToken: "cat_1",
    clientId: "client_1",
    clientSecret: "secret_1",
  });
  const { data, error, response } = await kryptos.GET("/token/grants");
  assert.equal(error, undefined);
  assert.equal(response.status, 200);
  assert.deepEqual(data, GRANTS);
  const call = only(received);
  assert.equal(call.line, "GET /token/grants");
  assert.equal(call.headers.authorization, "Bearer cat_1");
  assert.equal(call.headers["x-client-id"], "client_1");
  assert.equal(call.headers["x-client-secret"], "secret_1");
});

test("sends a body as JSON, without the fields that were left out", async () => {
  const kryptos = createKryptosClient({ baseUrl, clientId: "client_1", clientSecret: "secret_1" });
  await kryptos.POST("/link-token", { body: { scopes: "openid portfolios:read" } });
  const call = only(received);
  assert.equal(call.line, "POST /link-token");
  assert.equal(call.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(call.body), { scopes: "openid portfolios:read" });
});

test("sends no credential that it was not given, and returns a refusal as a value", async () => {
  const kryptos = createKryptosClient({ baseUrl });
  const { data, error, response } = await kryptos.GET("/token/grants");
  assert.equal(response.status, 401);
  assert.equal(data, undefined);
  assert.deepEqual(error, REFUSAL);
  const { headers } = only(received);
  assert.equal(headers.authorization, undefined);
  assert.equal(headers["x-client-id"], undefined);
  assert.equal(headers["x-client-secret"], undefined);
});

test("goes through another fetch", async () => {
  const seen: string[] = [];
  const kryptos = createKryptosClient({
    baseUrl,
    clientId: "client_1",
    fetch: (request) => {
      seen.push(request.url);
      return fetch(request);
    },
  });
  await kryptos.GET("/token/grants");
  assert.deepEqual(seen, [`${baseUrl}/token/grants`]);
});
