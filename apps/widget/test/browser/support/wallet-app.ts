/** A wallet app on somebody's phone: pairs by a link through a relay, and signs with keys of its own. */

import { SignClient } from "@walletconnect/sign-client";
import { base58, EvmWallet, fromBase58, SolanaWallet } from "./mock-wallets.js";

type Client = Awaited<ReturnType<typeof SignClient.init>>;
type Options = NonNullable<Parameters<typeof SignClient.init>[0]>;

/** CAIP-2 names it by the first 32 letters of the genesis hash of its main network. */
const SOLANA = `solana:${"5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d".slice(0, 32)}`;
const DECLINED = { code: 5000, message: "User rejected." };

interface Request {
  readonly method: string;
  readonly chainId: string;
}

export class WalletApp {
  readonly evm = new EvmWallet();
  readonly solana = new SolanaWallet("solana:signMessage");
  /** What was proposed to it, and asked of it. */
  proposed: unknown = null;
  asker: unknown = null;
  readonly asked: Request[] = [];
  /** What it does of its person's will. */
  declinesPairing = false;
  declinesSigning = false;
  answersSigning = true;
  families: readonly ("eip155" | "solana")[] = ["eip155"];
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
    client.on("session_proposal", ({ id, params }) => {
      this.proposed = params.optionalNamespaces;
      this.asker = params.proposer.metadata;
      void this.#propose(id, params.optionalNamespaces);
    });
    client.on("session_request", ({ id, topic, params }) => {
      this.asked.push({ method: params.request.method, chainId: params.chainId });
      void this.#sign(id, topic, params.request.method, params.request.params);
    });
  }

  static async start(relayUrl: string): Promise<WalletApp> {
    const client = await SignClient.init({
      projectId: "wallets",
      relayUrl,
      metadata: { name: "Evil <b>MetaMask</b>", description: "", url: "https://wallet.example", icons: [] },
      customStoragePrefix: crypto.randomUUID(),
      storage: memory() as unknown as NonNullable<Options["storage"]>,
      telemetryEnabled: false,
      logger: "silent",
    });
    return new WalletApp(client);
  }

  /** Scan a code, or be opened by a link; gives the pairing's topic. */
  async pair(uri: string): Promise<string> {
    const { topic } = await this.#client.pair({ uri });
    return topic;
  }

  get sessions(): number {
    return this.#client.session.getAll().length;
  }

  /** End a session in the wallet: the first, or that of a pairing. */
  async disconnect(pairing?: string): Promise<void> {
    const session = this.#client.session
      .getAll()
      .find((each) => pairing === undefined || each.pairingTopic === pairing);
    if (!session) throw new Error("The wallet has no such session");
    await this.#client.disconnect({ topic: session.topic, reason: { code: 6000, message: "Bye" } });
  }

  async stop(): Promise<void> {
    this.#client.core.heartbeat.stop();
    await this.#client.core.relayer.transportClose();
  }

  async #propose(id: number, wanted: Readonly<Record<string, { readonly methods: string[] }>>) {
    if (this.declinesPairing) {
      await this.#client.reject({ id, reason: DECLINED });
      return;
    }
    const accounts = {
      eip155: this.evm.addresses.map((address) => `eip155:1:${address}`),
      solana: [`${SOLANA}:${this.solana.address}`],
    };
    const namespaces = this.families.map((family) => [
      family,
      {
        accounts: accounts[family],
        methods: wanted[family]?.methods ?? [],
        events: ["accountsChanged", "chainChanged"],
      },
    ]);
    await this.#client.approve({ id, namespaces: Object.fromEntries(namespaces) });
  }

  async #sign(id: number, topic: string, method: string, params: unknown) {
    if (!this.answersSigning) return;
    const response = this.declinesSigning
      ? { id, jsonrpc: "2.0" as const, error: DECLINED }
      : { id, jsonrpc: "2.0" as const, result: await this.#signed(method, params) };
    await this.#client.respond({ topic, response });
  }

  async #signed(method: string, params: unknown): Promise<unknown> {
    if (method === "personal_sign") {
      const [text] = params as readonly string[];
      return this.evm.sign(Buffer.from(String(text).slice(2), "hex").toString());
    }
    const text = fromBase58((params as { readonly message: string }).message);
    return { signature: base58(this.solana.sign(text)) };
  }
}

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
