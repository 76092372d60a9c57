/**
 * One opening of the widget, seen from the host: what happens when, and how it ends. It has exactly one outcome.
 *
 * ```
 * idle ─ open ─► opening ─ framed ─► waiting ─ ready ─► running ─ success, exit ─► ended
 *                (awaits the link     │                    └─ ready again (the frame was reloaded)
 *                token where the      └─ blocked ─► blocked: the outcome is told, the frame stays to be read
 *                client is unknown)
 * ```
 *
 * Every phase also ends by `close` (the person), `unmount` (the app) and `fail`. All doing is left to a `SessionHost`;
 * nothing here knows a clock, a page or a framework.
 */

import { KryptosConnectError, messageOf } from "./error.js";
import { type LinkToken, readLinkToken } from "./link-token.js";
import type { HostMessage, WidgetMessage } from "./protocol.js";

export type Phase = "idle" | "opening" | "waiting" | "running" | "blocked" | "ended";

/** How an opening ended: a public token (null for a returning person), or an error. */
export type Outcome = { readonly publicToken: string | null } | KryptosConnectError;

export type ConnectEvent = Omit<Extract<WidgetMessage, { type: "event" }>, "type">;

/** What the session has others do. */
export interface SessionHost {
  /** Call the app's `generateLinkToken`. */
  generateLinkToken(): unknown;
  /** Put up the widget's frame; `token` is given where the session had to await it (`open(false)`). */
  frame(token?: LinkToken): void;
  /** The frame listens: show it, send it `hello` and `config`; the token follows when this is done. */
  ready(): Promise<void>;
  /** The frame refuses to run, and says so to the person: show it. */
  blocked(): void;
  send(message: HostMessage): void;
  /** Carry out what the widget asks of the host; `params` is unchecked. */
  ask(method: string, params: unknown): Promise<unknown>;
  event(event: ConnectEvent): void;
  /** Take the widget away; called once, before `settle` except where it stays to be read. */
  remove(): void;
  /** The outcome; called once. */
  settle(outcome: Outcome): void;
  /** Call back after so many seconds; returns how to prevent it. */
  after(seconds: number, callback: () => void): () => void;
}

export interface Session {
  readonly phase: Phase;
  /** Start: ask for a link token and, where the client is known, put up the frame meanwhile. */
  open(isClientKnown: boolean): void;
  /** What the frame posted; source and origin are checked by the caller. */
  frameMessage(message: unknown): void;
  /** What came over the port. */
  portMessage(message: unknown): void;
  /** The person wants one step back, or out: the running widget decides, else it is over. */
  back(): void;
  /** The person is gone: over, whatever the widget does. */
  close(): void;
  /** The app took the place away in which the widget was opened. */
  unmount(): void;
  /** Something of the host's own broke. */
  fail(cause: unknown): void;
}

/** A frame that does not listen after this time is not reached. */
const PATIENCE_SECONDS = 20;

export function createSession(host: SessionHost): Session {
  let phase: Phase = "idle";
  let token: LinkToken | undefined;
  let isAskingForToken = false;
  let stopWaiting = (): void => {};

  const end = (outcome: Outcome): void => {
    if (phase === "ended") return;
    const isTold = phase === "blocked";
    phase = "ended";
    stopWaiting();
    host.remove();
    if (!isTold) host.settle(outcome);
  };

  const put = (given?: LinkToken): void => {
    phase = "waiting";
    stopWaiting = host.after(PATIENCE_SECONDS, () =>
      end(
        new KryptosConnectError(
          "WIDGET_UNREACHABLE",
          "The Connect server did not answer. Check baseUrl, the network and frame-src in your CSP.",
        ),
      ),
    );
    host.frame(given);
  };

  const sendToken = (given: LinkToken): void =>
    host.send({ type: "token", linkToken: given.linkToken, isAuthorized: given.isAuthorized });

  const askForToken = async (): Promise<void> => {
    if (isAskingForToken || phase === "ended") return;
    isAskingForToken = true;
    token = undefined;
    try {
      token = readLinkToken(await host.generateLinkToken());
      if (phase === "opening") put(token);
      else if (phase === "running") sendToken(token);
    } catch (cause) {
      tokenFailed(cause);
    } finally {
      isAskingForToken = false;
    }
  };

  /** A running widget keeps what the person has done and offers to try again; without one it is over. */
  const tokenFailed = (cause: unknown): void => {
    const isOurs = cause instanceof KryptosConnectError;
    const message = isOurs
      ? cause.message
      : `generateLinkToken failed. Check your backend: ${messageOf(cause)}`;
    if (phase === "running") host.send({ type: "token-failed", message });
    else if (phase !== "blocked") {
      end(isOurs ? cause : new KryptosConnectError("LINK_TOKEN_FAILED", message, { cause }));
    }
  };

  const answer = (id: number, method: string, params: unknown): void => {
    host.ask(method, params).then(
      (value) => host.send({ type: "result", id, value }),
      (cause: unknown) => {
        const { code } = fieldsOf(cause);
        host.send({ type: "failure", id, code: String(code || "HOST_FAILED"), message: messageOf(cause) });
      },
    );
  };

  const fail = (cause: unknown): void =>
    end(
      cause instanceof KryptosConnectError
        ? cause
        : new KryptosConnectError("WIDGET_FAILED", `The widget failed: ${messageOf(cause)}`, {
            cause,
          }),
    );

  const close = (): void => end(new KryptosConnectError("USER_EXIT", "The person closed the widget."));

  return {
    get phase() {
      return phase;
    },

    open(isClientKnown) {
      if (phase !== "idle") return;
      phase = "opening";
      if (isClientKnown) put();
      void askForToken();
    },

    frameMessage(message) {
      const fields = fieldsOf(message);
      const { kryptos, type } = fields;
      if (kryptos !== 1) return;
      if (type === "ready" && (phase === "waiting" || phase === "running")) {
        stopWaiting();
        host.ready().then(() => {
          if (phase === "ended") return;
          phase = "running";
          if (token) sendToken(token);
          else void askForToken();
        }, fail);
      } else if (type === "blocked" && phase === "waiting") {
        phase = "blocked";
        stopWaiting();
        host.blocked();
        host.settle(errorOf(fields));
      }
    },

    portMessage(message) {
      if (phase === "ended") return;
      const fields = fieldsOf(message);
      const { type, name, id, method, params, publicToken } = fields;
      switch (type) {
        case "need-token":
          return void askForToken();
        case "event":
          if (typeof name === "string") host.event(fields as unknown as ConnectEvent);
          return;
        case "request":
          return answer(Number(id), String(method), params);
        case "success":
          if (isToken(publicToken)) end({ publicToken });
          return;
        case "exit":
          return end(errorOf(fields));
      }
    },

    back() {
      if (phase === "running") host.send({ type: "back" });
      else close();
    },

    close,

    unmount() {
      end(
        new KryptosConnectError(
          "HOST_UNMOUNTED",
          "The opening component was unmounted. Keep it mounted until a callback.",
        ),
      );
    },

    fail,
  };
}

/** The widget's words; it always gives both. */
function errorOf({ code, message, requestId }: Fields): KryptosConnectError {
  return new KryptosConnectError(String(code), String(message), {
    requestId: requestId ? String(requestId) : undefined,
  });
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(message: unknown): Fields {
  return (message ?? {}) as Fields;
}

function isToken(value: unknown): value is string | null {
  return value === null || (typeof value === "string" && value !== "");
}
