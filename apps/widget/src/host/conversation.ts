/** The widget's side of the conversation with an SDK, whatever carries the messages. */

import type { HostMessage, WidgetMessage } from "@kryptos_connect/connect-core";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import type { Config, Host, Language, Theme } from "../contracts.js";
import { readConfig } from "./config.js";

export interface Conversation {
  readonly host: Host;
  /** The SDK has said `hello`: what was said before is sent by `carry`, and all that is said from now on. */
  begin(carry: (message: WidgetMessage) => void): void;
  /** Something came from the SDK that said `hello`. */
  receive(message: unknown): void;
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (failure: ApiError) => void;
}

export function converse(
  kind: Host["kind"],
  otherwise: { readonly theme: Theme; readonly language: Language },
): Conversation {
  const config = deferred<Config>();
  const firstToken = deferred<string>();
  const carried = deferred<(message: WidgetMessage) => void>();
  let tokenAsked: Waiting<string> = firstToken;
  const requests = new Map<number, Waiting<unknown>>();
  const backListeners = new Set<() => void>();
  let lastRequest = 0;
  let hasEnded = false;

  const send = (message: WidgetMessage) => void carried.promise.then((carry) => carry(message));
  const end = (message: WidgetMessage) => {
    if (hasEnded) return;
    hasEnded = true;
    send(message);
  };

  const answered = (id: number, settle: (waiting: Waiting<unknown>) => void) => {
    const waiting = requests.get(id);
    requests.delete(id);
    if (waiting) settle(waiting);
  };

  const receive = (message: HostMessage) => {
    switch (message.type) {
      case "config":
        config.resolve(readConfig({ ...message }, otherwise));
        break;
      case "token":
        if (typeof message.linkToken === "string") tokenAsked.resolve(message.linkToken);
        break;
      case "token-failed":
        // The app's own words: they are shown as text beside ours.
        tokenAsked.reject(new ApiError({ code: "LINK_TOKEN_FAILED", message: String(message.message) }));
        break;
      case "result":
        answered(message.id, (waiting) => waiting.resolve(message.value));
        break;
      case "failure":
        answered(message.id, (waiting) =>
          waiting.reject(new ApiError({ code: String(message.code), message: String(message.message) })),
        );
        break;
      case "back":
        // While nothing listens there is nothing to go back to.
        if (backListeners.size === 0) host.exit("USER_EXIT", "The person closed the widget");
        else for (const listener of backListeners) listener();
        break;
      // Whatever a newer host says besides is not for this widget.
    }
  };

  const host: Host = {
    kind,
    config: () => config.promise,
    linkToken: () => firstToken.promise,
    renewToken: (reason) => {
      const asked = deferred<string>();
      tokenAsked = asked;
      send({ type: "need-token", reason });
      return asked.promise;
    },
    usable: () => send({ type: "usable" }),
    event: (event) => send({ type: "event", ...event }),
    succeed: (publicToken) => end({ type: "success", publicToken }),
    exit: (code, message, requestId) => end({ type: "exit", code, message, requestId }),
    ask: (method, params) => {
      lastRequest += 1;
      const id = lastRequest;
      const asked = deferred<unknown>();
      requests.set(id, asked);
      send({ type: "request", id, method, params });
      return asked.promise as Promise<never>;
    },
    onBack: (listener) => {
      backListeners.add(listener);
      return () => void backListeners.delete(listener);
    },
  };

  return {
    host,
    begin: carried.resolve,
    receive: (message) => {
      if (isMessage(message)) receive(message as HostMessage);
    },
  };
}

function isMessage(data: unknown): data is { readonly type: string } {
  return typeof data === "object" && data !== null && typeof (data as { type?: unknown }).type === "string";
}

/** Whether a message begins a conversation. */
export function isHello(data: unknown): boolean {
  const hello = data as { readonly kryptos?: unknown; readonly v?: unknown };
  return isMessage(data) && data.type === "hello" && hello.kryptos === 1 && Number(hello.v) >= 1;
}

function deferred<T>(): Waiting<T> & { readonly promise: Promise<T> } {
  const parts: Partial<Waiting<T>> = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(parts, { resolve, reject }));
  // Nobody may be waiting yet when it fails; whoever waits later still hears of it.
  promise.catch(() => undefined);
  return { ...(parts as Waiting<T>), promise };
}
