/** One pairing: every way in which it stands and ends, with a worker that says what the test wants. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FromWorker } from "../../src/walletconnect/messages.js";
import {
  CODE_LIFETIME_MS,
  LINE_PATIENCE_MS,
  type PairingState,
  type PairingWorker,
  startPairing,
} from "../../src/walletconnect/pairing.js";

const ASKED = {
  projectId: "project",
  relayUrl: "wss://relay.example",
  asker: { name: "Ledgerly", description: "", url: "https://connect.example" },
  namespaces: {},
};
const APPROVED: FromWorker = { type: "approved", accounts: [{ id: "eip155:1:0xab", canSign: true }] };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function start() {
  const worker = {
    onmessage: null,
    onerror: null,
    postMessage: vi.fn(),
    terminate: vi.fn(),
  } as PairingWorker & {
    postMessage: ReturnType<typeof vi.fn>;
    terminate: ReturnType<typeof vi.fn>;
  };
  const states: PairingState[] = [];
  const pairing = startPairing(
    ASKED,
    () => worker,
    (state) => states.push(state),
  );
  return {
    worker,
    pairing,
    say: (message: FromWorker) => worker.onmessage?.({ data: message } as MessageEvent<FromWorker>),
    last: () => {
      const state = states.at(-1);
      return state?.phase === "failed" ? state.failure.code : state?.phase;
    },
    states,
  };
}

describe("a code", () => {
  test("is asked for, shown, and used", () => {
    const { worker, say, states } = start();
    expect(worker.postMessage).toHaveBeenCalledExactlyOnceWith({ type: "pair", ...ASKED });
    say({ type: "line", isOpen: true });
    say({ type: "offered", uri: "wc:1" });
    say(APPROVED);
    vi.advanceTimersByTime(CODE_LIFETIME_MS * 2);
    expect(states.map((each) => each.phase)).toEqual(["offered", "approved"]);
  });

  test("runs out, and everything of it ends", () => {
    const { worker, say, last } = start();
    say({ type: "line", isOpen: true });
    say({ type: "offered", uri: "wc:1" });
    vi.advanceTimersByTime(CODE_LIFETIME_MS);
    expect(last()).toBe("WALLETCONNECT_EXPIRED");
    expect(worker.terminate).toHaveBeenCalledOnce();
    say(APPROVED);
    expect(last()).toBe("WALLETCONNECT_EXPIRED");
  });

  test.each([
    [5000, "User rejected.", "WALLET_REJECTED"],
    [5002, "", "WALLET_REJECTED"],
    [4001, "no", "WALLET_REJECTED"],
    [0, "Proposal expired", "WALLETCONNECT_EXPIRED"],
    [5100, "Unsupported chains.", "WALLET_FAILED"],
  ])("that fails with %s %s is %s", (code, message, told) => {
    const { say, last } = start();
    say({ type: "failed", code, message });
    expect(last()).toBe(told);
  });
});

describe("the line", () => {
  const dial = (say: (message: FromWorker) => void, code: number) =>
    say({ type: "line", isOpen: false, code });

  test("that cannot be opened is given up after three tries", () => {
    const { say, last } = start();
    dial(say, 1006);
    dial(say, 1006);
    expect(last()).toBeUndefined();
    dial(say, 1006);
    expect(last()).toBe("WALLETCONNECT_UNREACHABLE");
  });

  test("on which nothing happens is given up as well", () => {
    const { last } = start();
    vi.advanceTimersByTime(LINE_PATIENCE_MS);
    expect(last()).toBe("WALLETCONNECT_UNREACHABLE");
  });

  test("refused by the relay is told at once", () => {
    const { say, last } = start();
    say({ type: "line", isOpen: true });
    dial(say, 3000);
    expect(last()).toBe("WALLETCONNECT_REFUSED");
  });

  test("may be cut for a while, and for longer while nobody looks", () => {
    const { say, last } = start();
    say({ type: "line", isOpen: true });
    say({ type: "offered", uri: "wc:1" });
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    dial(say, 1006);
    vi.advanceTimersByTime(LINE_PATIENCE_MS * 5);
    expect(last()).toBe("offered");
    hidden.mockReturnValue(false);
    say({ type: "line", isOpen: true });
    dial(say, 1006);
    vi.advanceTimersByTime(LINE_PATIENCE_MS);
    expect(last()).toBe("WALLETCONNECT_UNREACHABLE");
  });

  test("that is cut during a session fails what is to be signed, not the session", async () => {
    const { say, pairing, last } = start();
    say({ type: "line", isOpen: true });
    say(APPROVED);
    const signed = pairing.sign("eip155:1", "personal_sign", []);
    dial(say, 1006);
    vi.advanceTimersByTime(LINE_PATIENCE_MS);
    await expect(signed).rejects.toMatchObject({ code: "WALLETCONNECT_UNREACHABLE" });
    expect(last()).toBe("approved");
  });

  test("is not even tried where the worker cannot be fetched", () => {
    const { worker, last } = start();
    worker.onerror?.({ preventDefault: () => undefined } as ErrorEvent);
    expect(last()).toBe("OFFLINE");
  });
});

describe("signing", () => {
  test("gives what the wallet gave, each to whom it belongs", async () => {
    const { say, pairing, worker } = start();
    say(APPROVED);
    const both = [pairing.sign("eip155:1", "personal_sign", ["0x1"]), pairing.sign("solana:1", "x", {})];
    expect(worker.postMessage).toHaveBeenLastCalledWith({
      type: "sign",
      id: 2,
      chain: "solana:1",
      method: "x",
      params: {},
    });
    say({ type: "signed", id: 2, result: "second" });
    say({ type: "signed", id: 1, result: "first" });
    expect(await Promise.all(both)).toEqual(["first", "second"]);
  });

  test("fails with the code that wallets use for a refusal", async () => {
    const { say, pairing } = start();
    say(APPROVED);
    const signed = pairing.sign("eip155:1", "personal_sign", []);
    say({ type: "refused", id: 1, code: 5000, message: "" });
    await expect(signed).rejects.toMatchObject({ code: 4001 });
  });

  test("fails when the wallet leaves, and from then on", async () => {
    const { say, pairing, states } = start();
    say(APPROVED);
    const signed = pairing.sign("eip155:1", "personal_sign", []);
    say({ type: "left" });
    await expect(signed).rejects.toMatchObject({ code: "WALLETCONNECT_ENDED" });
    await expect(pairing.sign("a", "b", [])).rejects.toMatchObject({ code: "WALLETCONNECT_ENDED" });
    expect(states.at(-1)).toMatchObject({ phase: "approved", hasLeft: true });
  });
});

describe("the end", () => {
  test("says goodbye to a wallet, and waits for it", async () => {
    const { say, pairing, worker } = start();
    say(APPROVED);
    const ended = pairing.end();
    expect(worker.postMessage).toHaveBeenLastCalledWith({ type: "end" });
    expect(worker.terminate).not.toHaveBeenCalled();
    say({ type: "ended" });
    await Promise.all([ended, pairing.end()]);
    expect(worker.terminate).toHaveBeenCalledOnce();
  });

  test("waits only a moment", async () => {
    const { say, pairing, worker } = start();
    say(APPROVED);
    const ended = pairing.end();
    await vi.advanceTimersByTimeAsync(2000);
    await ended;
    expect(worker.terminate).toHaveBeenCalledOnce();
  });

  test("is at once where there is no wallet", async () => {
    const { pairing, worker } = start();
    await pairing.end();
    expect(worker.terminate).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
});
