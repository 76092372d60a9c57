/** The Next.js example, built for a demo's client and running on an origin of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

import { type Demo, freePort } from "./demo.js";
import { REPOSITORY, run } from "./repository.js";

const APP = `${REPOSITORY}/examples/nextjs`;

export interface NextApp {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startNextApp(demo: Demo): Promise<NextApp> {
  const { base_url, client_id, client_secret } = demo.facts;
  const environment = {
    ...process.env,
    NODE_ENV: "production" as const,
    NEXT_TELEMETRY_DISABLED: "1",
    NEXT_PUBLIC_KRYPTOS_BASE_URL: base_url,
    NEXT_PUBLIC_KRYPTOS_CLIENT_ID: client_id,
    KRYPTOS_CLIENT_ID: client_id,
    KRYPTOS_CLIENT_SECRET: client_secret,
  };
  await run("npm", ["run", "build", "-w", "example-nextjs"], environment);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  await demo.allow(url);
  const next = createRequire(`${APP}/package.json`).resolve("next/dist/bin/next");
  const server = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", String(port)], {
    cwd: APP,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  for await (const chunk of server.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes("Ready")) break;
  }
  server.stdout.resume();
  if (server.exitCode !== null) throw new Error(`next start ended with ${server.exitCode}`);
  return {
    url,
    async stop() {
      server.kill("SIGTERM");
      await ended;
    },
  };
}
