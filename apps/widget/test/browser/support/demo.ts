/** A running `kryptos demo` with the Flask example beside it, in a directory of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { KRYPTOS, PYTHON, REPOSITORY, run } from "./repository.js";

const READY = "Ctrl-C stops everything";

export interface Facts {
  readonly base_url: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly access_token: string;
}

export class Demo {
  readonly facts: Facts;
  /** The Flask example; another site than the server's, for a browser. */
  readonly appUrl: string;
  /** Where it keeps its data, for what only its operator can do or read. */
  readonly directory: string;
  readonly #child: ChildProcess;

  private constructor(facts: Facts, appUrl: string, child: ChildProcess, directory: string) {
    this.facts = facts;
    this.appUrl = appUrl;
    this.#child = child;
    this.directory = directory;
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Demo> {
    const directory = await mkdtemp(join(tmpdir(), "kryptos-browser-"));
    const [port, appPort] = [await freePort(), await freePort()];
    const environment = {
      ...process.env,
      KRYPTOS_DATA_DIR: directory,
      KRYPTOS_PORT: String(port),
      KRYPTOS_RATE_LIMIT_FACTOR: "1000",
      ...settings,
    };
    const app = `${PYTHON} ${REPOSITORY}/examples/flask/app.py`;
    const child = spawn(KRYPTOS, ["demo", "--app", app, "--app-port", String(appPort)], {
      cwd: REPOSITORY,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    await untilReady(child);
    const facts = JSON.parse(await readFile(join(directory, "demo.json"), "utf8")) as Facts;
    return new Demo(facts, `http://localhost:${appPort}`, child, directory);
  }

  get baseUrl(): string {
    return this.facts.base_url;
  }

  /** Call the Connect API as the app. */
  call(path: string, body: object): Promise<Record<string, unknown>> {
    return this.#ask(path, { method: "POST", body: JSON.stringify(body) });
  }

  read(path: string): Promise<Record<string, unknown>> {
    return this.#ask(path, {});
  }

  /** Register the demo client's origins: these beside the example's own. */
  async allow(...origins: readonly string[]): Promise<void> {
    const all = [this.appUrl, ...origins].flatMap((origin) => ["--allowed-origin", origin]);
    await run(KRYPTOS, ["client", "update", this.facts.client_id, ...all], this.#environment());
  }

  /** Register where hosted pages may lead: these addresses beside the example's own. */
  async leadTo(...uris: readonly string[]): Promise<void> {
    const all = [`${this.appUrl}/callback`, ...uris].flatMap((uri) => ["--redirect-uri", uri]);
    await run(KRYPTOS, ["client", "update", this.facts.client_id, ...all], this.#environment());
  }

  /** What came of the hosted session that this link token was made for, as a waiting app asks. */
  async outcome(linkToken: string): Promise<unknown> {
    const reply = await fetch(`${this.baseUrl}/link-token/outcome`, {
      headers: { "X-LINK-TOKEN": linkToken },
    });
    return ((await reply.json()) as { data: unknown }).data;
  }

  /** Let its client reach real accounts. */
  async moveToProduction(): Promise<void> {
    await run(KRYPTOS, ["client", "set-mode", this.facts.client_id, "production"], this.#environment());
  }

  /** Let every link token that is alive run out, as thirty minutes would. */
  async expireLinkTokens(): Promise<void> {
    const environment = { ...this.#environment(), PYTHONPATH: `${REPOSITORY}/backend` };
    await run(PYTHON, ["-m", "tests.support.expire_link_tokens"], environment);
  }

  /** What the parts of the demo wrote, by the name of each; the last lines of it, or all. */
  async logs({ lines = Number.POSITIVE_INFINITY } = {}): Promise<string> {
    const folder = join(this.directory, "logs");
    const texts = (await readdir(folder)).map(async (name) => {
      const written = (await readFile(join(folder, name), "utf8")).split("\n");
      return `--- ${name}\n${written.slice(-lines).join("\n")}`;
    });
    return (await Promise.all(texts)).join("\n");
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      await ended;
    }
    await rm(this.directory, { recursive: true });
  }

  async #ask(path: string, request: RequestInit): Promise<Record<string, unknown>> {
    const reply = await fetch(this.baseUrl + path, {
      ...request,
      headers: {
        "Content-Type": "application/json",
        "X-Client-Id": this.facts.client_id,
        "X-Client-Secret": this.facts.client_secret,
      },
    });
    const answer = (await reply.json()) as { data?: Record<string, unknown>; error?: string };
    if (!reply.ok || !answer.data) throw new Error(`${path} answered ${reply.status}: ${answer.error}`);
    return answer.data;
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, KRYPTOS_DATA_DIR: this.directory };
  }
}

/** Resolve when the demo says that it is ready; reject with what it said when it ends before that. */
async function untilReady(child: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(READY)) resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new Error(`The demo ended with ${code} before it was ready:\n${said}`)),
    );
  });
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (typeof address !== "object" || !address) throw new Error("no port was given");
  return address.port;
}
