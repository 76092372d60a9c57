/**
 * One pairing with a wallet by WalletConnect, from its link to its end, in a worker of its own.
 *
 * The library keeps timers, sockets and listeners that nothing can stop, and rejections that nobody handles. Here they
 * end with the worker, and so do the keys. A worker has no document either: no frame, no stored choice, no other page
 * can be opened from it, and its file's own policy lets it reach the relay and nothing else.
 */

import "./watched-socket.js";
import { SignClient } from "@walletconnect/sign-client";
import type { FromWorker, PairAsked, SignAsked, ToWorker } from "./messages.js";
import { silence } from "./silence.js";

type Client = Awaited<ReturnType<typeof SignClient.init>>;
type Options = NonNullable<Parameters<typeof SignClient.init>[0]>;

interface Paired {
  readonly client: Client;
  topic: string | null;
}

let pairing: Promise<Paired> | null = null;

const tell = (message: FromWorker) => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "pair") {
    pairing = pair(data);
    pairing.catch((failure: unknown) => tell({ type: "failed", ...wordsOf(failure) }));
  } else if (data.type === "sign") void sign(data);
  else void end();
});

async function pair(asked: PairAsked): Promise<Paired> {
  const client = await SignClient.init({
    projectId: asked.projectId,
    relayUrl: asked.relayUrl,
    metadata: { ...asked.asker, icons: [] },
    storage: memory() as unknown as NonNullable<Options["storage"]>,
    logger: silence as unknown as NonNullable<Options["logger"]>,
    telemetryEnabled: false,
  });
  const paired: Paired = { client, topic: null };
  client.on("session_delete", () => {
    paired.topic = null;
    tell({ type: "left" });
  });
  void propose(paired, asked).catch((failure: unknown) => tell({ type: "failed", ...wordsOf(failure) }));
  return paired;
}

async function propose(paired: Paired, { namespaces }: PairAsked): Promise<void> {
  const wanted = Object.entries(namespaces).map(([name, { chains, method }]) => [
    name,
    { chains: [...chains], methods: [method], events: ["accountsChanged", "chainChanged"] },
  ]);
  const { uri, approval } = await paired.client.connect({ optionalNamespaces: Object.fromEntries(wanted) });
  tell({ type: "offered", uri: uri ?? "" });
  const session = await approval();
  paired.topic = session.topic;
  const accounts = Object.entries(session.namespaces).flatMap(([name, given]) => {
    const method = namespaces[name.split(":")[0] ?? ""]?.method;
    const canSign = method !== undefined && given.methods.includes(method);
    return given.accounts.map((id) => ({ id, canSign }));
  });
  tell({ type: "approved", accounts });
}

async function sign({ id, chain, method, params }: SignAsked): Promise<void> {
  try {
    const paired = await pairing;
    if (!paired?.topic) throw new Error("no session");
    const { client, topic } = paired;
    const result = await client.request({ topic, chainId: chain, request: { method, params } });
    tell({ type: "signed", id, result });
  } catch (failure) {
    tell({ type: "refused", id, ...wordsOf(failure) });
  }
}

async function end(): Promise<void> {
  try {
    const paired = await pairing;
    const reason = { code: 6000, message: "User disconnected." };
    if (paired?.topic) await paired.client.disconnect({ topic: paired.topic, reason });
  } catch {
    // Nobody can be told goodbye over a line that is down.
  }
  tell({ type: "ended" });
}

/** Wallets answer with objects that are no errors. */
function wordsOf(failure: unknown): { readonly code: number; readonly message: string } {
  const { code, message } = (failure ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return { code: typeof code === "number" ? code : 0, message: String(message ?? "").slice(0, 200) };
}

/** What the library stores, for as long as this worker lives: frames have no storage of their own everywhere. */
function memory() {
  const kept = new Map<string, unknown>();
  return {
    getKeys: async () => [...kept.keys()],
    getEntries: async () => [...kept.entries()],
    getItem: async (key: string) => kept.get(key),
    setItem: async (key: string, value: unknown) => void kept.set(key, structuredClone(value)),
    removeItem: async (key: string) => void kept.delete(key),
  };
}
