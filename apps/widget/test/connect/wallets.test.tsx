/** The wallets of the browser: asked only when the person says so, and every refusal told in words. */

import { act, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Api, HostWallet } from "../../src/contracts.js";
import { BrowserWallets } from "../../src/screens/BrowserWallets.js";
import { WALLET_TIME_LIMIT_MS } from "../../src/screens/wallets/asking.js";
import { chainsToConnect, providerFor } from "../../src/screens/wallets/connect-one.js";
import { fakeApi, fakeHost } from "../support/connect.js";
import {
  connection,
  detected,
  EVM,
  failure,
  OFFERED,
  provider,
  renderLive,
  SANDBOX_SESSION,
  SOLANA,
} from "./fixtures.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const OTHER = "0x1111111111111111111111111111111111111111";
const META: HostWallet = { id: "evm:io.metamask", name: "MetaMask", family: "evm", canProve: true };
const PLAIN: HostWallet = { id: "solana:plain", name: "Plain", family: "solana", canProve: false };
const PROOF = { message: "wants you to sign in", signature: "0x01" };
const pass = (milliseconds: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(milliseconds);
  });

interface Answers {
  readonly accounts?: () => Promise<unknown>;
  readonly prove?: () => Promise<unknown>;
  readonly api?: Partial<Api>;
}

async function open({ accounts, prove, api = {} }: Answers = {}) {
  const ask = vi.fn(async (method: string, params: { wallet?: string }) => {
    if (method === "wallets.list") return [META, PLAIN];
    if (method === "wallet.prove") return prove?.() ?? PROOF;
    return accounts?.() ?? { addresses: params.wallet === PLAIN.id ? [SOLANA] : [EVM, OTHER], chainId: 8453 };
  });
  const calls = {
    detectChains: vi.fn(async () => detected(["ethereum", "base"])),
    connect: vi.fn(async () => connection()),
    challenge: vi.fn(async () => ({ message: PROOF.message, expires_at: "" })),
    ...api,
  };
  const shown = renderLive(<BrowserWallets />, {
    api: fakeApi(calls),
    host: fakeHost({ ask: ask as never }),
  });
  await pass(0);
  const press = async (name: RegExp | string) => {
    fireEvent.click(screen.getByRole("button", { name }));
    await pass(0);
  };
  return { ...shown, ask, calls, press };
}

test("one wallet, one address, without proof", async () => {
  const { press, calls, connect, ask } = await open();
  await press(/MetaMask/);
  await pass(500);
  expect(screen.getByText(/Used on Ethereum and Base/)).toBeTruthy();
  await press("Connect");
  expect(calls.connect).toHaveBeenCalledExactlyOnceWith({
    provider: "metamask",
    address: EVM,
    chains: ["ethereum", "base"],
  });
  expect(ask.mock.calls.map(([method]) => method)).not.toContain("wallet.prove");
  expect(connect.go).toHaveBeenCalledWith({ name: "status" }, { replace: true });
});

test("several addresses, one after the other; what failed is told and the rest stays connected", async () => {
  const connecting = vi
    .fn()
    .mockResolvedValueOnce(connection())
    .mockRejectedValueOnce(failure("OFFLINE"))
    .mockResolvedValue(connection({ wallet_id: "wallet_2" }));
  const { press, connect, latest } = await open({ api: { connect: connecting } });
  await press(/MetaMask/);
  fireEvent.click(screen.getByLabelText(/0x1111/));
  await pass(500);
  await press("Connect 2 accounts");
  expect(screen.getByText("Connected")).toBeTruthy();
  expect(screen.getByText("No connection")).toBeTruthy();
  expect(connect.go).not.toHaveBeenCalled();
  await press("Connect 2 accounts");
  expect(connecting).toHaveBeenCalledTimes(3); // the one that is connected is left alone
  expect(latest.current.map((each) => each.wallet_id)).toEqual(["wallet_1", "wallet_2"]);
  expect(connect.go).toHaveBeenCalledWith({ name: "status" }, { replace: true });
});

describe("proof", () => {
  test("is signed when the person asks for it, for the chain on which the wallet stands", async () => {
    const { press, calls, ask } = await open();
    await press(/MetaMask/);
    await pass(500);
    expect(screen.getByText(/costs nothing, moves nothing/)).toBeTruthy();
    fireEvent.click(screen.getByLabelText(/Prove that it is yours/));
    await press("Sign and connect");
    expect(calls.challenge).toHaveBeenCalledWith("evm", EVM, 8453);
    expect(ask).toHaveBeenCalledWith("wallet.prove", {
      wallet: META.id,
      address: EVM,
      message: PROOF.message,
    });
    expect(calls.connect).toHaveBeenCalledWith(expect.objectContaining({ proof: PROOF }));
  });

  test("declined is no failure: the account can be connected without", async () => {
    const { press, calls } = await open({
      prove: () => Promise.reject(Object.assign(new Error("no"), { code: "WALLET_REJECTED" })),
    });
    await press(/MetaMask/);
    await pass(500);
    fireEvent.click(screen.getByLabelText(/Prove that it is yours/));
    await press("Sign and connect");
    expect(screen.getByText("You did not sign")).toBeTruthy();
    expect(calls.connect).not.toHaveBeenCalled();
    await press("Connect without proof");
    expect(calls.connect).toHaveBeenCalledExactlyOnceWith(
      expect.not.objectContaining({ proof: expect.anything() }),
    );
  });

  test("is not offered where the wallet cannot give one", async () => {
    const { press, calls } = await open();
    await press(/Plain/);
    expect(screen.queryByLabelText(/Prove/)).toBeNull();
    await press("Connect");
    expect(calls.detectChains).not.toHaveBeenCalled();
    expect(calls.connect).toHaveBeenCalledWith({ provider: "solana", address: SOLANA, chains: ["solana"] });
  });
});

describe("refusals are told in words, and the way on stays open", () => {
  test.each([
    ["WALLET_REJECTED", "Declined in MetaMask"],
    ["WALLET_BUSY", "MetaMask waits for you"],
    ["WALLET_UNKNOWN", "MetaMask is not there any more"],
    ["WALLET_FAILED", "MetaMask could not do this"],
    ["METHOD_UNKNOWN", "This app cannot ask wallets"],
  ])("%s", async (code, title) => {
    const { press } = await open({
      accounts: () => Promise.reject(Object.assign(new Error("no"), { code })),
    });
    await press(/MetaMask/);
    expect(screen.getByText(title)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Type an address instead" })).toBeTruthy();
  });

  test("a wallet that never answers", async () => {
    const { press } = await open({ accounts: () => new Promise(() => undefined) });
    await press(/MetaMask/);
    expect(screen.getByText("Open your wallet and agree there")).toBeTruthy();
    await pass(WALLET_TIME_LIMIT_MS);
    expect(screen.getByText("MetaMask did not answer")).toBeTruthy();
  });

  test("a wallet that shows no address", async () => {
    const { press } = await open({ accounts: async () => ({ addresses: [] }) });
    await press(/MetaMask/);
    expect(screen.getByText("MetaMask showed no address")).toBeTruthy();
  });
});

test("in the sandbox no wallet is asked for anything", async () => {
  const ask = vi.fn();
  renderLive(<BrowserWallets />, { session: SANDBOX_SESSION, host: fakeHost({ ask }) });
  await pass(0);
  expect(screen.getByText(/only the test accounts can be connected/)).toBeTruthy();
  expect(ask).not.toHaveBeenCalled();
});

describe("chains and provider", () => {
  const account = { wallet: META, address: EVM, chainId: 8453 };
  const rows = [...OFFERED.providers, { ...provider("base-by-number", "Numbered"), communityId: 8453 }];

  test("where nothing is known, the chain on which the wallet stands is connected, and said to be", async () => {
    expect(
      chainsToConnect(account, { state: "failed", address: EVM, failure: failure("OFFLINE") }, rows),
    ).toEqual(["base-by-number"]);
    expect(chainsToConnect({ ...account, chainId: 5 }, { state: "none" }, rows)).toEqual(["ethereum"]);
    const { press } = await open({ api: { detectChains: vi.fn(async () => detected([], ["base"], 0)) } });
    await press(/MetaMask/);
    await pass(500);
    expect(
      screen.getByText(/Nobody could look where it was used. It will be connected on Ethereum/),
    ).toBeTruthy();
  });

  test("a wallet's own row is found by its name, with or without the word wallet", () => {
    const trust = provider("trust-wallet", "Trust Wallet", { type: "wallet" });
    expect(providerFor({ ...META, name: "Trust" }, ["base"], [trust])).toBe("trust-wallet");
    expect(providerFor({ ...META, name: "Unheard of" }, ["base"], [trust])).toBe("base");
    expect(providerFor({ ...META, name: "Trust", family: "solana" }, ["solana"], [trust])).toBe("solana");
  });
});
