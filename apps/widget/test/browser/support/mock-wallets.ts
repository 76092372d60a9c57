/** Wallet extensions that are not there: announced in the host page as real ones are, answered by the test. */

import { generateKeyPairSync, sign as signBytes } from "node:crypto";

import type { Page } from "playwright-core";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

export const EVM_WALLET = "Mock Fox";
export const SOLANA_WALLET = "Mock Ghost";

/** A refusal with a code of the wallet's, as EIP-1193 has them. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

type Reply = { readonly value: unknown } | { readonly refusal: Refusal };

/** What an EVM wallet does; a test changes it to have another wallet. */
export class EvmWallet {
  readonly account = privateKeyToAccount(generatePrivateKey());
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  addresses: readonly string[] = [this.account.address];
  refusal: Refusal | null = null;
  sign = (text: string): Promise<string> => this.account.signMessage({ message: text });

  async answer(method: string, params: readonly unknown[]): Promise<Reply> {
    this.asked.push(method);
    switch (method) {
      case "eth_requestAccounts":
      case "eth_accounts":
        return { value: this.addresses };
      case "eth_chainId":
        return { value: "0x1" };
      case "personal_sign": {
        if (this.refusal) return { refusal: this.refusal };
        return { value: await this.sign(Buffer.from(String(params[0]).slice(2), "hex").toString()) };
      }
      default:
        return { refusal: { code: 4200, message: `${method} is not supported` } };
    }
  }
}

/** What a Solana wallet does. */
export class SolanaWallet {
  readonly #keys = generateKeyPairSync("ed25519");
  readonly address = base58(Buffer.from(this.#keys.publicKey.export({ format: "jwk" }).x ?? "", "base64url"));
  readonly asked: string[] = [];
  /** The one way of signing that it has. */
  readonly feature: "solana:signMessage" | "solana:signIn";
  /** The text that it really signs, of the one it was asked for. */
  texts = (text: string): string => text;

  constructor(feature: "solana:signMessage" | "solana:signIn") {
    this.feature = feature;
  }

  answer(feature: string, text: string): { readonly text: string; readonly signature: number[] } {
    this.asked.push(feature);
    const signed = this.texts(text);
    return { text: signed, signature: [...this.sign(Buffer.from(signed))] };
  }

  sign(bytes: Buffer): Buffer {
    return signBytes(null, bytes, this.#keys.privateKey);
  }
}

/** Announce an EVM wallet in every page of this tab (EIP-6963). */
export async function installEvmWallet(page: Page, wallet: EvmWallet): Promise<void> {
  await page.exposeFunction("__evm", (method: string, params: readonly unknown[]) =>
    wallet.answer(method, params),
  );
  await page.addInitScript((name) => {
    if (window !== top) return;
    const ask = (window as unknown as { __evm: (method: string, params: unknown) => Promise<Reply> }).__evm;
    const provider = {
      async request({ method, params = [] }: { method: string; params?: unknown }) {
        const reply = await ask(method, params);
        if ("refusal" in reply) throw Object.assign(new Error(reply.refusal.message), reply.refusal);
        return reply.value;
      },
    };
    const info = {
      uuid: crypto.randomUUID(),
      name,
      rdns: "example.mock.fox",
      icon: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
    };
    const announce = () =>
      dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: { info, provider } }));
    addEventListener("eip6963:requestProvider", announce);
    announce();
  }, EVM_WALLET);
}

/** Register a Solana wallet in every page of this tab (Wallet Standard). */
export async function installSolanaWallet(page: Page, wallet: SolanaWallet): Promise<void> {
  await page.exposeFunction("__solana", (feature: string, text: string) => wallet.answer(feature, text));
  await page.addInitScript(
    ({ name, address, feature }) => {
      if (window !== top) return;
      type Signed = { readonly text: string; readonly signature: readonly number[] };
      const ask = (window as unknown as { __solana: (feature: string, text: string) => Promise<Signed> })
        .__solana;
      const account = {
        address,
        chains: ["solana:mainnet"],
        features: [feature],
        publicKey: new Uint8Array(32),
      };
      const signed = async (text: string) => {
        const reply = await ask(feature, text);
        const signedMessage = new TextEncoder().encode(reply.text);
        return [{ account, signedMessage, signature: new Uint8Array(reply.signature) }];
      };
      /** As wallets compose it (SIWS): the fields that were asked for, in the order of the form. */
      const composed = (input: Readonly<Record<string, string>>) => {
        const lines = [
          `${input["domain"]} wants you to sign in with your Solana account:`,
          input["address"],
          "",
        ];
        if (input["statement"]) lines.push(input["statement"], "");
        for (const [field, key] of [
          ["URI", "uri"],
          ["Version", "version"],
          ["Chain ID", "chainId"],
          ["Nonce", "nonce"],
          ["Issued At", "issuedAt"],
          ["Expiration Time", "expirationTime"],
        ] as const)
          if (input[key]) lines.push(`${field}: ${input[key]}`);
        return lines.join("\n");
      };
      const signing =
        feature === "solana:signIn"
          ? { signIn: (input: Readonly<Record<string, string>>) => signed(composed(input)) }
          : {
              signMessage: ({ message }: { message: Uint8Array }) =>
                signed(new TextDecoder().decode(message)),
            };
      const given = {
        version: "1.0.0",
        name,
        icon: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
        chains: ["solana:mainnet"],
        accounts: [] as unknown[],
        features: {
          "standard:connect": {
            version: "1.0.0",
            async connect() {
              given.accounts = [account];
              return { accounts: given.accounts };
            },
          },
          [feature]: { version: "1.0.0", ...signing },
        },
      };
      const register = (api: { register(wallet: unknown): void }) => api.register(given);
      dispatchEvent(new CustomEvent("wallet-standard:register-wallet", { detail: register }));
      addEventListener("wallet-standard:app-ready", (event) =>
        register((event as CustomEvent<{ register(wallet: unknown): void }>).detail),
      );
    },
    { name: SOLANA_WALLET, address: wallet.address, feature: wallet.feature },
  );
}

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

export function base58(bytes: Buffer): string {
  let rest = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (; rest > 0n; rest /= 58n) text = ALPHABET[Number(rest % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(Math.max(zeros, 0)) + text;
}

export function fromBase58(text: string): Buffer {
  let value = 0n;
  for (const sign of text) value = value * 58n + BigInt(ALPHABET.indexOf(sign));
  const hexadecimal = value.toString(16);
  return Buffer.from(hexadecimal.padStart(hexadecimal.length + (hexadecimal.length % 2), "0"), "hex");
}
