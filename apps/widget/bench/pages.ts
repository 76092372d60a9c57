/** The pages that are measured, built as an app builds its own, and the small server of that app. */

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { build, type Rollup } from "vite";

import { define } from "../../../packages/web-sdk/stylesheet.config.js";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const PAGES = ["app", "bare", "peer", "searching"] as const;
const EMPTY = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Empty</title><body></body></html>';
/** Gives a page the browser's finest clock. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

interface Served {
  readonly type: string;
  readonly body: Buffer;
}

interface App {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly port: number;
}

export class Pages {
  /** Another site than `frameOrigin` for a browser, though both are this server. */
  readonly origin: string;
  readonly frameOrigin: string;
  readonly #app: App;
  readonly #server: Server;
  readonly #files: ReadonlyMap<string, Served>;

  private constructor(app: App, server: Server, files: ReadonlyMap<string, Served>) {
    this.#app = app;
    this.#server = server;
    this.#files = files;
    this.origin = `http://localhost:${app.port}`;
    this.frameOrigin = `http://127.0.0.1:${app.port}`;
  }

  static async serve(app: App): Promise<Pages> {
    const files = new Map((await Promise.all(PAGES.map(filesOf))).flat());
    const server = createServer((request, reply) => void pages.#answer(request, reply));
    const pages = new Pages(app, server, files);
    server.listen(app.port, "127.0.0.1");
    await once(server, "listening");
    return pages;
  }

  /** A page with the SDK's button. */
  get app(): string {
    return `${this.origin}/app`;
  }

  /** A page that opens the same dialog around another page of this server, without an SDK. */
  bare(framed: string): string {
    return `${this.origin}/bare?frame=${encodeURIComponent(this.frameOrigin + framed)}`;
  }

  get searching(): string {
    return `${this.origin}/searching`;
  }

  get #secrets(): Record<string, string> {
    return { "X-Client-Id": this.#app.clientId, "X-Client-Secret": this.#app.clientSecret };
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.origin);
    const name = pathname.slice(1);
    const file = this.#files.get(name);
    try {
      if (name === "link-token") await this.#ask(reply, "POST", "/link-token", this.#secrets);
      else if (name === "session") {
        const token = String(request.headers["x-link-token"]);
        await this.#ask(reply, "GET", "/link-token/session", { "X-LINK-TOKEN": token });
      } else if (file)
        reply.writeHead(200, { "Content-Type": file.type, "Content-Encoding": "gzip" }).end(file.body);
      else if (name === "empty") sendPage(reply, EMPTY);
      else if (this.#files.has(`${name}.js`))
        sendPage(reply, this.#page(name), name === "searching" ? ISOLATED : {});
      else reply.writeHead(204).end();
    } catch (error) {
      reply.writeHead(500).end(String(error));
    }
  }

  /** Ask the Connect server, and hand on what it says. */
  async #ask(
    reply: ServerResponse,
    method: string,
    place: string,
    credentials: Record<string, string>,
  ): Promise<void> {
    const headers = { "Content-Type": "application/json", ...credentials };
    const answer = await fetch(this.#app.baseUrl + place, {
      method,
      headers,
      ...(method === "POST" && { body: "{}" }),
    });
    const { data } = (await answer.json()) as { readonly data?: object };
    reply.writeHead(answer.status, { "Content-Type": "application/json" }).end(JSON.stringify(data ?? {}));
  }

  #page(name: string): string {
    const { baseUrl, clientId } = this.#app;
    const style = this.#files.has(`${name}.css`) ? `<link rel="stylesheet" href="/${name}.css">` : "";
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>${style}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="kryptos" content='${JSON.stringify({ baseUrl, clientId })}'>
<script type="module" src="/${name}.js"></script></head><body><div id="root"></div></body></html>`;
  }
}

function sendPage(reply: ServerResponse, html: string, headers: Readonly<Record<string, string>> = {}): void {
  reply.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers }).end(html);
}

/** Build one page by itself, so that it shares no file with another. */
async function filesOf(name: (typeof PAGES)[number]): Promise<(readonly [string, Served])[]> {
  const { output } = (await build({
    configFile: false,
    logLevel: "error",
    define: { ...define, "process.env.NODE_ENV": '"production"' },
    resolve: {
      alias: {
        "@kryptos_connect/connect-core": path("../../../packages/connect-core/src/index.ts"),
        "@kryptos_connect/web-sdk": path("../../../packages/web-sdk/src/index.ts"),
      },
    },
    build: {
      write: false,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: path(`pages/${name}.${name === "app" || name === "peer" ? "tsx" : "ts"}`),
        output: {
          entryFileNames: `${name}.js`,
          chunkFileNames: `${name}-[name]-[hash].js`,
          assetFileNames: `${name}.[ext]`,
        },
      },
    },
  })) as Rollup.RollupOutput;
  return Promise.all(
    output.map(async (part) => {
      const text = part.type === "chunk" ? part.code : String(part.source);
      const type = part.fileName.endsWith(".css") ? "text/css" : "text/javascript";
      return [part.fileName, { type, body: await promisify(gzip)(text) }] as const;
    }),
  );
}
