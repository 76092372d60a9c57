/** Serves the built page as the server does, under the same strict policy, for views whose answers are recorded. */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { REPOSITORY } from "../../../../widget/test/browser/support/repository.js";

const FOLDER = join(REPOSITORY, "backend/src/kryptos/surfaces/account_page/assets");
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "form-action 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

export class Site {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}/account`;
  }

  static async serve(): Promise<Site> {
    const server = createServer(async ({ url = "" }, reply) => {
      const name = /^\/account\/assets\/([\w.-]+)$/.exec(url)?.[1];
      const file = url === "/account" ? "index.html" : name;
      if (file === undefined) return void reply.writeHead(404).end();
      const type = TYPES[extname(file)] ?? "text/html; charset=utf-8";
      reply.writeHead(200, { "Content-Type": type, "Content-Security-Policy": POLICY });
      reply.end(await readFile(join(FOLDER, file)));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Site(server);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
