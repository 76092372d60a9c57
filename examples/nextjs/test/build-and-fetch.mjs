/** Builds the app, starts it, and looks whether its pages have the button and its routes answer in words. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const APP = fileURLToPath(new URL("..", import.meta.url));
const NEXT = createRequire(import.meta.url).resolve("next/dist/bin/next");

const port = await freePort();
const nobody = await freePort(); // where no Connect server listens
const environment = {
  ...process.env,
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  NEXT_PUBLIC_KRYPTOS_CLIENT_ID: "client_of_the_test",
  NEXT_PUBLIC_KRYPTOS_BASE_URL: `http://127.0.0.1:${nobody}`,
  KRYPTOS_CLIENT_ID: "client_of_the_test",
  KRYPTOS_CLIENT_SECRET: "secret_of_the_test",
};

const build = next("build");
assert.equal((await once(build, "exit"))[0], 0, "next build failed");
const server = next("start", "--hostname", "127.0.0.1", "--port", String(port));
try {
  await untilAnswered();
  for (const path of ["/", "/second-generation"]) {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`);
    const text = await reply.text();
    assert.equal(reply.status, 200, path);
    assert.match(text, /<button[^>]*>(?:(?!<\/button>).)*Connect to Kryptos/s, `${path} has no button`);
    assert.ok(!text.includes("secret_of_the_test"), `${path} shows the secret`);
  }
  const held = await fetch(`http://127.0.0.1:${port}/api/kryptos/holdings`);
  assert.deepEqual(await held.json(), { isConnected: false });
  const refused = await fetch(`http://127.0.0.1:${port}/api/kryptos/create-link-token`, { method: "POST" });
  assert.equal(refused.status, 502);
  assert.match((await refused.json()).error, /could not be reached/);
} finally {
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await ended;
}

function next(...words) {
  return spawn(process.execPath, [NEXT, ...words], { cwd: APP, env: environment, stdio: "inherit" });
}

async function untilAnswered() {
  while (server.exitCode === null) {
    if (await fetch(`http://127.0.0.1:${port}/`).then(Boolean, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`next start ended with ${server.exitCode}`);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port: free } = probe.address();
  probe.close();
  return free;
}
