/** A relay of WalletConnect on this machine: topics in memory, JSON-RPC over web sockets, nothing else. */

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

interface Message {
  readonly topic: string;
  readonly message: string;
  readonly tag: number;
  readonly publishedAt: number;
  readonly from: WebSocket;
}

interface Subscription {
  readonly id: string;
  readonly topic: string;
  readonly socket: WebSocket;
}

interface Call {
  readonly id: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export class Relay {
  readonly url: string;
  /** The project ids of all that have come, and the origins of browsers. */
  readonly visitors: { readonly projectId: string | null; readonly origin: string | undefined }[] = [];
  /** Whether every visitor is turned away, as those are who name the project `unknown`. */
  refuses = false;
  #messages: Message[] = [];
  #subscriptions: Subscription[] = [];
  #server: WebSocketServer;
  #lastId = Date.now() * 1000;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#listen();
  }

  static async start(): Promise<Relay> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    return new Relay(server);
  }

  /** Go away; who is there is cut off. */
  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#server.clients) socket.terminate();
    await closed;
  }

  /** Come back at the same place, with everything that was left here. */
  async comeBack(): Promise<void> {
    this.#server = new WebSocketServer({ port: Number(new URL(this.url).port), host: "127.0.0.1" });
    await once(this.#server, "listening");
    this.#listen();
  }

  /** Nothing that was said to the last visitor is left. */
  reset(): void {
    this.refuses = false;
    this.visitors.length = 0;
    this.#messages = [];
    this.#subscriptions = [];
  }

  #listen(): void {
    this.#server.on("connection", (socket, request) => this.#welcome(socket, request));
  }

  #welcome(socket: WebSocket, { url = "/", headers }: IncomingMessage): void {
    const { searchParams } = new URL(url, this.url);
    this.visitors.push({ projectId: searchParams.get("projectId"), origin: headers.origin });
    if (this.refuses || searchParams.get("projectId") === "unknown") {
      socket.close(3000, "Unauthorized: invalid key");
      return;
    }
    socket.on("message", (data) => {
      const call = JSON.parse(String(data)) as Call;
      if (!call.method) return;
      const result = this.#answer(socket, call.method, call.params ?? {});
      socket.send(JSON.stringify({ id: call.id, jsonrpc: "2.0", result }));
    });
    socket.on("close", () => {
      this.#subscriptions = this.#subscriptions.filter((each) => each.socket !== socket);
    });
  }

  #answer(socket: WebSocket, method: string, params: Readonly<Record<string, unknown>>): unknown {
    const text = (name: string) => String(params[name]);
    switch (method) {
      case "irn_publish":
        return this.#publish(socket, text("topic"), text("message"), Number(params["tag"] ?? 0));
      case "irn_subscribe":
        return this.#subscribe(socket, text("topic"));
      case "irn_batchSubscribe":
        return (params["topics"] as readonly string[]).map((topic) => this.#subscribe(socket, topic));
      case "irn_unsubscribe":
        this.#subscriptions = this.#subscriptions.filter(
          (each) => each.socket !== socket || each.topic !== params["topic"],
        );
        return true;
      case "irn_batchFetchMessages":
        return { messages: this.#left(socket, params["topics"] as readonly string[]), hasMore: false };
      case "wc_proposeSession":
        this.#publish(socket, text("pairingTopic"), text("sessionProposal"), 1100);
        return this.#subscribe(socket, text("pairingTopic"));
      case "wc_approveSession":
        this.#publish(socket, text("pairingTopic"), text("sessionProposalResponse"), 1101);
        this.#publish(socket, text("sessionTopic"), text("sessionSettlementRequest"), 1102);
        return this.#subscribe(socket, text("sessionTopic"));
      default:
        throw new Error(`The relay knows no ${method}`);
    }
  }

  #publish(from: WebSocket, topic: string, text: string, tag: number): true {
    const message: Message = { topic, message: text, tag, publishedAt: Date.now(), from };
    this.#messages.push(message);
    for (const each of this.#subscriptions)
      if (each.topic === topic && each.socket !== from) this.#deliver(each, message);
    return true;
  }

  #subscribe(socket: WebSocket, topic: string): string {
    const known = this.#subscriptions.find((each) => each.socket === socket && each.topic === topic);
    if (known) return known.id;
    const subscription = { id: randomBytes(32).toString("hex"), topic, socket };
    this.#subscriptions.push(subscription);
    setTimeout(() => {
      for (const message of this.#left(socket, [topic])) this.#deliver(subscription, message);
    }, 5);
    return subscription.id;
  }

  #left(socket: WebSocket, topics: readonly string[]): readonly Message[] {
    return this.#messages.filter((each) => topics.includes(each.topic) && each.from !== socket);
  }

  #deliver({ id, socket }: Subscription, { topic, message, publishedAt, tag }: Message): void {
    this.#lastId += 1;
    const params = { id, data: { topic, message, publishedAt, tag } };
    socket.send(JSON.stringify({ id: this.#lastId, jsonrpc: "2.0", method: "irn_subscription", params }));
  }
}
