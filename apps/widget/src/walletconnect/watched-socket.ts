/**
 * Tells of every opening and closing of a socket in this worker, with the code that the relay closed it by.
 *
 * Imported before the library, which looks for `WebSocket` when it is loaded, and tells nobody why a line is closed.
 */

import type { FromWorker } from "./messages.js";

const Plain = globalThis.WebSocket;

class WatchedSocket extends Plain {
  constructor(url: string | URL) {
    super(url);
    const tell = (message: FromWorker) => postMessage(message);
    this.addEventListener("open", () => tell({ type: "line", isOpen: true }));
    this.addEventListener("close", ({ code }) => tell({ type: "line", isOpen: false, code }));
  }
}

globalThis.WebSocket = WatchedSocket;
