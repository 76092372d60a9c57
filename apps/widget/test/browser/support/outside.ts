/** The world outside of this machine, as far as a browser can ask for it: a proxy that notes every wish and grants none. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export class Outside {
  /** Hosts that somebody wanted to reach. */
  readonly wanted: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connect", ({ url }, socket) => {
      this.wanted.push(String(url));
      socket.destroy();
    });
    server.on("request", ({ url }, reply) => {
      this.wanted.push(String(url));
      reply.writeHead(502).end();
    });
  }

  static async start(): Promise<Outside> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Outside(server);
  }

  /** What a browser is told to go through for everything but this machine. */
  get proxy() {
    const { port } = this.#server.address() as AddressInfo;
    return { server: `http://127.0.0.1:${port}`, bypass: "127.0.0.1,localhost" };
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
