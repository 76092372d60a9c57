// Runs the specification's Express backend against another base URL; see README.md.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const express = require("express");
const axios = require("axios");

const baseUrl = process.env.TARGET_BASE_URL;
const tokens = new Map();

const helpers = {
  getUserAccessToken: async (userId) => tokens.get(userId)?.access_token,
  saveUserTokens: async (userId, saved) => void tokens.set(userId, saved),
  makeApiCall: async (endpoint, accessToken) => {
    const headers = { Authorization: `Bearer ${accessToken}` };
    return (await axios.get(`${baseUrl}/api${endpoint}`, { headers })).data;
  },
};
const exported = [
  "app",
  "createLinkTokenWithSession",
  "checkSession",
  "revokeGrant",
  "listGrants",
  "getUserHoldings",
  "makeApiCallWithCheck",
];

const sample = readFileSync(new URL("./express_sample.js", import.meta.url), "utf8")
  .replaceAll("https://connect-api.kryptos.io", baseUrl)
  .replaceAll("https://connect.kryptos.io", baseUrl);
const names = Object.keys(helpers);
const run = new Function("require", ...names, `${sample}\nreturn { ${exported.join(", ")} };`);
const backend = run(require, ...names.map((name) => helpers[name]));

const server = express();
server.use((request, _reply, next) => {
  request.user = { id: request.headers["x-test-user"] };
  next();
});
server.get("/stored", (request, reply) => reply.json(tokens.get(request.user.id) ?? null));
server.post("/call/:name", express.json(), async (request, reply) => {
  try {
    reply.json({ returned: await backend[request.params.name](...request.body) });
  } catch (error) {
    reply.json({ thrown: error.message, status: error.response?.status ?? null });
  }
});
server.use(backend.app);

const listening = server.listen(0, "127.0.0.1", () => console.log(listening.address().port));
process.stdin.resume().on("end", () => process.exit(0));
