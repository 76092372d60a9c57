/** A page that is no host of ours: an attacker's, a stranger's, on an origin of its own. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class PageServer {
  readonly origin: string;
  readonly #server: Server;

  private constructor(origin: string, server: Server) {
    this.origin = origin;
    this.#server = server;
  }

  /** Serve one page at every path; `name` chooses the site, as `*.localhost` is this machine for a browser. */
  static async serve(html: string, name = "evil.localhost"): Promise<PageServer> {
    const server = createServer((_, reply) => {
      reply.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(`<!doctype html>${html}`);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new PageServer(`http://${name}:${(server.address() as AddressInfo).port}`, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
