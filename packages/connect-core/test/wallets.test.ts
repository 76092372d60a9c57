/** The bridge to wallets, against wallets that note every call: what is found, what is asked, and what never is. */

import { beforeEach, expect, test } from "vitest";
import { openWallets, type Wallets } from "../src/index.js";
import { ADDRESS, EVM_MESSAGE, SOLANA_ADDRESS, SOLANA_MESSAGE } from "./messages.js";

const ICON = "data:image/svg+xml,%3Csvg/%3E";

let page: EventTarget & { location: { host: string }; CustomEvent: typeof CustomEvent };
let calls: { method: string; params?: readonly unknown[] }[];
let replies: Record<string, unknown>;

beforeEach(() => {
  page = Object.assign(new EventTarget(), { location: { host: "app.example:8443" }, CustomEvent });
  calls = [];
  replies = {
    eth_requestAccounts: [ADDRESS, "0xshort", 5],
    eth_accounts: [ADDRESS.toLowerCase()],
    eth_chainId: "0x2105",
    personal_sign: "0xabcd",
  };
});

const provider = {
  request: async (call: { method: string; params?: readonly unknown[] }) => {
    calls.push(call);
    const reply = replies[call.method];
    if (reply instanceof Error) throw reply;
    return reply;
  },
};

function announce(info: object, given: unknown = provider): void {
  page.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: { info, provider: given } }));
}

function installEvm(info: object): void {
  page.addEventListener("eip6963:requestProvider", () => announce(info));
}

interface Standard {
  name: string;
  features?: object;
  chains?: string[];
}

/** A wallet that was there before the page asked, and one that comes later, register in the same words. */
function standard({ name, features, chains = ["solana:mainnet"] }: Standard): object {
  const account = { address: SOLANA_ADDRESS, chains };
  return {
    version: "1.0.0",
    name,
    icon: ICON,
    chains,
    accounts: [account],
    features: {
      "standard:connect": {
        connect: async () => ({ accounts: [account, { address: "x", chains: ["sui:1"] }] }),
      },
      ...features,
    },
  };
}

function installStandard(wallet: object): void {
  page.addEventListener("wallet-standard:app-ready", (event) =>
    (event as CustomEvent).detail.register(wallet),
  );
}

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => error);

function opened(): Wallets {
  return openWallets(page);
}

test("EVM wallets are found once each, whatever they call themselves", () => {
  installEvm({ uuid: "1", rdns: "io.one", name: " One\u202e ", icon: ICON });
  installEvm({ uuid: "2", rdns: "io.one", name: "One again", icon: ICON });
  installEvm({ uuid: "3", rdns: "io.two", name: "x".repeat(500), icon: "https://tracker.example/a.png" });
  installEvm({ uuid: "4", rdns: "io.three", name: 5, icon: "data:text/html,x" });
  const list = opened().list();
  expect(list).toEqual([
    { id: "evm:io.one", name: "One", icon: ICON, family: "evm", canProve: true },
    { id: "evm:io.two", name: "x".repeat(64), icon: undefined, family: "evm", canProve: true },
    { id: "evm:io.three", name: "Wallet", icon: undefined, family: "evm", canProve: true },
  ]);
});

test("what is no wallet is not listed", () => {
  const wallets = opened();
  announce({ rdns: "io.none", name: "None" }, {});
  announce({ rdns: "io.none", name: "None" }, null);
  page.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: null }));
  page.dispatchEvent(new CustomEvent("wallet-standard:register-wallet", { detail: "x" }));
  expect(wallets.list()).toEqual([]);
});

test("a page full of wallets ends at fifty", () => {
  const wallets = opened();
  for (let at = 0; at < 80; at += 1) announce({ rdns: `io.w${at}`, name: "W" });
  expect(wallets.list()).toHaveLength(50);
});

test("Solana wallets are found, before and after, and may leave", () => {
  installStandard(standard({ name: "Early" }));
  installStandard(standard({ name: "Other chain", chains: ["sui:mainnet"] }));
  const wallets = opened();
  let leave = (): void => {};
  const late = ({ register }: { register(wallet: object): () => void }): void => {
    leave = register(
      standard({ name: "Late", features: { "solana:signMessage": { signMessage: async () => [] } } }),
    );
  };
  page.dispatchEvent(new CustomEvent("wallet-standard:register-wallet", { detail: late }));
  expect(wallets.list()).toEqual([
    { id: "solana:Early", name: "Early", icon: ICON, family: "solana", canProve: false },
    { id: "solana:Late", name: "Late", icon: ICON, family: "solana", canProve: true },
  ]);
  leave();
  expect(wallets.list()).toHaveLength(1);
});

test("closed, it listens no more", () => {
  const wallets = opened();
  wallets.close();
  announce({ rdns: "io.one", name: "One" });
  expect(wallets.list()).toEqual([]);
});

test("accounts and chain of an EVM wallet", async () => {
  installEvm({ rdns: "io.one", name: "One" });
  const wallets = opened();
  wallets.list();
  expect(await wallets.answer("wallet.accounts", { wallet: "evm:io.one" })).toEqual({
    addresses: [ADDRESS],
    chainId: 8453,
  });
  Object.assign(replies, { eth_chainId: new Error("no chain") });
  expect(await wallets.accounts("evm:io.one")).toEqual({ addresses: [ADDRESS], chainId: undefined });
  expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(["eth_requestAccounts", "eth_chainId"]));
});

test("accounts of a Solana wallet are those on Solana", async () => {
  installStandard(standard({ name: "S" }));
  expect(await opened().accounts("solana:S")).toEqual({ addresses: [SOLANA_ADDRESS] });
});

test("an EVM wallet signs the page's own sign-in message", async () => {
  installEvm({ rdns: "io.one", name: "One" });
  const wallets = opened();
  wallets.list();
  const asked = { wallet: "evm:io.one", address: ADDRESS, message: EVM_MESSAGE };
  expect(await wallets.answer("wallet.prove", asked)).toEqual({ message: EVM_MESSAGE, signature: "0xabcd" });
  const signed = calls.at(-1);
  expect(signed).toEqual({
    method: "personal_sign",
    params: [`0x${Buffer.from(EVM_MESSAGE).toString("hex")}`, ADDRESS],
  });
});

test.each([
  ["another host's message", EVM_MESSAGE.replaceAll("app.example:8443", "bank.example"), ADDRESS],
  ["another port's message", EVM_MESSAGE.replace("app.example:8443 wants", "app.example wants"), ADDRESS],
  ["another address", EVM_MESSAGE, `0x${"1".repeat(40)}`],
  ["another family", SOLANA_MESSAGE, SOLANA_ADDRESS],
  ["any text", "I owe you 1 ETH", ADDRESS],
  ["a hash", `0x${"ab".repeat(32)}`, ADDRESS],
  ["nothing", undefined, ADDRESS],
])("nothing else is ever signed: %s", async (_, message, address) => {
  installEvm({ rdns: "io.one", name: "One" });
  const wallets = opened();
  wallets.list();
  const refused = await failure(wallets.answer("wallet.prove", { wallet: "evm:io.one", address, message }));
  expect(refused).toMatchObject({ code: "NOT_A_SIGN_IN_MESSAGE" });
  expect(calls).toEqual([]);
});

test.each([
  [Object.assign(new Error("User rejected the request."), { code: 4001 }), "WALLET_REJECTED"],
  [new Error("User denied message signature"), "WALLET_REJECTED"],
  [Object.assign(new Error("Already processing"), { code: -32002 }), "WALLET_BUSY"],
  [new Error("x".repeat(1000)), "WALLET_FAILED"],
])("what a wallet answers has a code: %s", async (error, code) => {
  installEvm({ rdns: "io.one", name: "One" });
  const wallets = opened();
  wallets.list();
  Object.assign(replies, { eth_requestAccounts: error });
  const refused = (await failure(wallets.accounts("evm:io.one"))) as Error;
  expect(refused).toMatchObject({ code });
  expect(refused.message.length).toBeLessThan(250);
});

test("an account that the wallet does not give out is not signed for", async () => {
  installEvm({ rdns: "io.one", name: "One" });
  const wallets = opened();
  wallets.list();
  Object.assign(replies, { eth_accounts: [] });
  expect(await failure(wallets.prove("evm:io.one", ADDRESS, EVM_MESSAGE))).toMatchObject({
    code: "WALLET_ACCOUNT_MISSING",
  });
  Object.assign(replies, { eth_accounts: [ADDRESS] });
  Object.assign(replies, { personal_sign: { signature: "0x" } });
  expect(await failure(wallets.prove("evm:io.one", ADDRESS, EVM_MESSAGE))).toMatchObject({
    code: "WALLET_FAILED",
  });
});

test("a Solana wallet signs the very text, in base64", async () => {
  const signMessage = async ({ message }: { message: Uint8Array }): Promise<object[]> => [
    { signedMessage: message, signature: Uint8Array.from({ length: 64 }, (_, at) => at * 4) },
  ];
  installStandard(standard({ name: "S", features: { "solana:signMessage": { signMessage } } }));
  const wallets = opened();
  expect(await wallets.prove("solana:S", SOLANA_ADDRESS, SOLANA_MESSAGE)).toEqual({
    message: SOLANA_MESSAGE,
    signature: Buffer.from(Uint8Array.from({ length: 64 }, (_, at) => at * 4)).toString("base64"),
  });
  const strange = SOLANA_MESSAGE.replace(SOLANA_ADDRESS, "1".repeat(32));
  expect(await failure(wallets.prove("solana:S", "1".repeat(32), strange))).toMatchObject({
    code: "WALLET_ACCOUNT_MISSING",
  });
});

test("a Solana wallet that only signs in is given the fields", async () => {
  const inputs: object[] = [];
  const signIn = async (input: object): Promise<object[]> => {
    inputs.push(input);
    return [{ signedMessage: Buffer.from(SOLANA_MESSAGE), signature: Uint8Array.of(1, 2) }];
  };
  installStandard(standard({ name: "S", features: { "solana:signIn": { signIn } } }));
  const proof = await opened().prove("solana:S", SOLANA_ADDRESS, SOLANA_MESSAGE);
  expect(proof).toEqual({ message: SOLANA_MESSAGE, signature: "AQI=" });
  expect(inputs).toEqual([
    {
      domain: "app.example:8443",
      address: SOLANA_ADDRESS,
      statement: "Prove that this account is yours.",
      uri: "https://app.example:8443",
      version: "1",
      chainId: "mainnet",
      nonce: "abcdefgh12345678",
      issuedAt: "2026-01-15T10:00:00Z",
      expirationTime: "2026-01-15T10:10:00Z",
    },
  ]);
});

test("a wallet that cannot sign says so", async () => {
  installStandard(standard({ name: "S" }));
  expect(await failure(opened().prove("solana:S", SOLANA_ADDRESS, SOLANA_MESSAGE))).toMatchObject({
    code: "WALLET_FAILED",
  });
});

test("unknown wallets and methods have codes of their own", async () => {
  const wallets = opened();
  expect(await wallets.answer("wallets.list", null)).toEqual([]);
  expect(await failure(wallets.answer("wallet.accounts", {}))).toMatchObject({ code: "WALLET_UNKNOWN" });
  expect(await failure(wallets.answer("eth_sendTransaction", {}))).toMatchObject({ code: "METHOD_UNKNOWN" });
});
