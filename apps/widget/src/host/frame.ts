/** The widget in a frame: an SDK in another origin's page opened it, and speaks to it over one port. */

import type { Host, Language, Theme } from "../contracts.js";
import { converse, isHello } from "./conversation.js";

/** What is used of a `window`. */
export interface FramedWindow {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/**
 * Say to the host's page, and to no other, that the frame listens; then wait for its `hello`.
 *
 * `origin` was checked by the server against what the app has registered, before this page was served.
 */
export function openFrame(
  framed: FramedWindow,
  origin: string,
  otherwise: { readonly theme: Theme; readonly language: Language },
): Host {
  const { host, begin, receive } = converse("frame", otherwise);

  const onHello = (event: MessageEvent) => {
    const [port] = event.ports;
    if (event.source !== framed.parent || event.origin !== origin || !port || !isHello(event.data)) return;
    framed.removeEventListener("message", onHello);
    port.onmessage = ({ data }: MessageEvent<unknown>) => receive(data);
    begin((message) => port.postMessage(message));
  };
  framed.addEventListener("message", onHello);
  framed.parent.postMessage({ kryptos: 1, type: "ready" }, origin);
  return host;
}
