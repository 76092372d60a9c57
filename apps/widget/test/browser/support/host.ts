/** Pages of a host app on an origin of their own: the fixture in one of its shapes, under the headers a test chooses. */

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import { build, type Rollup } from "vite";

import type { Demo } from "./demo.js";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));

export class Host {
  readonly origin: string;
  /** Sent with every page: a content security policy, say. */
  headers: Readonly<Record<string, string>> = {};
  /** Put into the page's head, before everything else: a hostile script, a style. */
  head = "";
  /** Whose link tokens the page is given: a new person's, or those of the owner of this access token. */
  accessToken: string | undefined;
  /** How many link tokens the page asked for. */
  linkTokens = 0;

  readonly #demo: Demo;
  readonly #server: Server;
  readonly #files: ReadonlyMap<string, string>;

  private constructor(demo: Demo, server: Server, files: ReadonlyMap<string, string>) {
    this.#demo = demo;
    this.#server = server;
    this.#files = files;
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  /** Serve host pages; their origin is registered unless `isRegistered` is false. */
  static async serve(demo: Demo, { isRegistered = true } = {}): Promise<Host> {
    const files = await bundle();
    const server = createServer((request, reply) => void host.#answer(request, reply)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const host = new Host(demo, server, files);
    if (isRegistered) await demo.allow(host.origin);
    return host;
  }

  /** As it was served: for the next test. */
  reset(): void {
    this.headers = {};
    this.head = "";
    this.accessToken = undefined;
    this.linkTokens = 0;
  }

  /** The address of the fixture in a shape of `fixtures/host-page.tsx`; `config` is added to the SDK's. */
  url(shape: string, config: object = {}): string {
    return `${this.origin}/${shape}?config=${encodeURIComponent(JSON.stringify(config))}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", this.origin).pathname;
    const file = this.#files.get(path.slice(1));
    try {
      if (request.method === "POST") send(reply, "application/json", JSON.stringify(await this.#linkToken()));
      else if (file !== undefined) send(reply, path.endsWith(".css") ? "text/css" : "text/javascript", file);
      else if (path === "/favicon.ico") reply.writeHead(204).end();
      else send(reply, "text/html; charset=utf-8", this.#page(), this.headers);
    } catch (error) {
      reply.writeHead(500).end(String(error));
    }
  }

  async #linkToken(): Promise<object> {
    this.linkTokens += 1;
    const resumed = this.accessToken === undefined ? {} : { access_token: this.accessToken };
    const created = await this.#demo.call("/link-token", resumed);
    return { ...created, isAuthorized: this.accessToken !== undefined };
  }

  #page(): string {
    const { base_url: baseUrl, client_id: clientId } = this.#demo.facts;
    return `<!doctype html><html lang="en"><head>${this.head}<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Host</title>
<link rel="stylesheet" href="/style.css"><meta name="kryptos" content='${JSON.stringify({ baseUrl, clientId })}'>
</head><body><h1>A host page</h1><div id="root"></div><div id="other"></div>
<script type="module" src="/host-page.js"></script></body></html>`;
  }
}

function send(
  reply: ServerResponse,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", ...headers }).end(body);
}

/** Bundle the fixture as a host app would, with the SDK as it is published. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const built = (await build({
    root: FIXTURES,
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"development"' }, // StrictMode mounts twice in development alone
    mode: "development",
    build: {
      write: false,
      minify: false,
      cssCodeSplit: false,
      rollupOptions: {
        input: `${FIXTURES}/host-page.tsx`,
        output: { entryFileNames: "host-page.js", assetFileNames: "style.css", codeSplitting: false },
      },
    },
  })) as Rollup.RollupOutput;
  return new Map(
    built.output.map((part) => [part.fileName, part.type === "chunk" ? part.code : String(part.source)]),
  );
}
