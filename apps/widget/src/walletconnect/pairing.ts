/** One pairing as the screens see it: how it stands, what is signed in it, and how it ends. Its work is done by a worker. */

import { WalletRefused } from "@kryptos_connect/connect-core";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import type { ApiFailure } from "../contracts.js";
import type { FromWorker, GivenAccount, PairAsked } from "./messages.js";

export type PairingState =
  | { readonly phase: "preparing" }
  | { readonly phase: "offered"; readonly uri: string }
  | { readonly phase: "approved"; readonly accounts: readonly GivenAccount[]; readonly hasLeft: boolean }
  | { readonly phase: "failed"; readonly failure: ApiFailure };

export interface Pairing {
  /** Have the wallet sign; fails with what the wallet said, or with a code of ours. */
  sign(chain: string, method: string, params: unknown): Promise<unknown>;
  /** Say goodbye to the wallet where there is one, then drop everything; never fails, and takes a moment at most. */
  end(): Promise<void>;
}

/** What is used of a `Worker`. */
export interface PairingWorker {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

type Asked = Omit<PairAsked, "type">;

/** Relays keep a proposal for five minutes; a code that is shown can still be used. */
export const CODE_LIFETIME_MS = 290_000;
/** A line that is down for so long is down; a phone cuts it while its person is in the wallet. */
export const LINE_PATIENCE_MS = 20_000;
const MOST_FAILED_DIALS = 3;
const GOODBYE_MS = 1500;

const REFUSED_BY_RELAY = 3000; // the relay does not know the project, or not for this origin
const USER_REJECTED = 4001; // EIP-1193
const isRejected = (code: number) => code === USER_REJECTED || (code >= 5000 && code < 5100); // CAIP-25, "REJECTED"

export function startPairing(
  asked: Asked,
  start: (relayUrl: string) => PairingWorker,
  onState: (state: PairingState) => void,
): Pairing {
  const worker = start(asked.relayUrl);
  const signing = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (failure: unknown) => void }
  >();
  const timers = new Map<"code" | "line" | "goodbye", ReturnType<typeof setTimeout>>();
  let state: PairingState = { phase: "preparing" };
  let hasEnded = false;
  let wasOpen = false;
  let failedDials = 0;
  let lastSigning = 0;
  let isEnding = false;
  let onGone = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    onGone = resolve;
  });

  const after = (name: "code" | "line" | "goodbye", milliseconds: number, act: () => void) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(act, milliseconds));
  };
  const stop = (name: "code" | "line") => clearTimeout(timers.get(name));

  const put = (next: PairingState) => {
    if (hasEnded || state.phase === "failed") return;
    state = next;
    onState(next);
  };
  const dropSigning = (code: string) => {
    for (const { reject } of signing.values()) reject(new WalletRefused(code, code));
    signing.clear();
  };
  const drop = () => {
    hasEnded = true;
    for (const timer of timers.values()) clearTimeout(timer);
    dropSigning("WALLETCONNECT_ENDED");
    worker.terminate();
    onGone();
  };
  const fail = (code: string) => {
    put({ phase: "failed", failure: new ApiError({ code }) });
    drop();
  };

  const lineLost = () => {
    // Nobody waits in a page that is not seen, and its line may be cut: it is dialled again when it is seen.
    if (document.hidden) after("line", LINE_PATIENCE_MS, lineLost);
    else if (state.phase === "approved") dropSigning("WALLETCONNECT_UNREACHABLE");
    else fail("WALLETCONNECT_UNREACHABLE");
  };
  const lineClosed = (code: number) => {
    failedDials += 1;
    if (code === REFUSED_BY_RELAY && state.phase !== "approved") fail("WALLETCONNECT_REFUSED");
    else if (wasOpen) after("line", LINE_PATIENCE_MS, lineLost);
    else if (failedDials === MOST_FAILED_DIALS) fail("WALLETCONNECT_UNREACHABLE");
  };

  const settle = (message: Extract<FromWorker, { readonly type: "signed" | "refused" }>) => {
    const waiting = signing.get(message.id);
    signing.delete(message.id);
    if (message.type === "signed") waiting?.resolve(message.result);
    else waiting?.reject(isRejected(message.code) ? { ...message, code: USER_REJECTED } : message);
  };

  const receive = (message: FromWorker) => {
    switch (message.type) {
      case "line":
        if (!message.isOpen) return lineClosed(message.code);
        wasOpen = true;
        return stop("line");
      case "offered":
        put({ phase: "offered", uri: message.uri });
        return after("code", CODE_LIFETIME_MS, () => fail("WALLETCONNECT_EXPIRED"));
      case "approved":
        stop("code");
        return put({ phase: "approved", accounts: message.accounts, hasLeft: false });
      case "failed":
        return fail(failureOf(message));
      case "left":
        if (state.phase === "approved") put({ ...state, hasLeft: true });
        return dropSigning("WALLETCONNECT_ENDED");
      case "ended":
        return drop();
      case "signed":
      case "refused":
        return settle(message);
    }
  };

  worker.onmessage = ({ data }) => receive(data);
  // Its file could not be fetched: whatever goes wrong later is told by messages.
  worker.onerror = (event) => {
    event.preventDefault();
    fail("OFFLINE");
  };
  worker.postMessage({ type: "pair", ...asked });
  after("line", LINE_PATIENCE_MS, lineLost);

  return {
    sign: (chain, method, params) =>
      new Promise((resolve, reject) => {
        if (hasEnded || (state.phase === "approved" && state.hasLeft))
          return reject(new WalletRefused("WALLETCONNECT_ENDED", "The session with the wallet has ended."));
        lastSigning += 1;
        signing.set(lastSigning, { resolve, reject });
        worker.postMessage({ type: "sign", id: lastSigning, chain, method, params });
      }),
    end: () => {
      if (!hasEnded && !isEnding) {
        isEnding = true;
        if (state.phase !== "approved" || state.hasLeft) drop();
        else {
          worker.postMessage({ type: "end" });
          after("goodbye", GOODBYE_MS, drop);
        }
      }
      return gone;
    },
  };
}

function failureOf({ code, message }: { readonly code: number; readonly message: string }): string {
  if (isRejected(code) || /reject|denied|declined/i.test(message)) return "WALLET_REJECTED";
  return /expired/i.test(message) ? "WALLETCONNECT_EXPIRED" : "WALLET_FAILED";
}
