/** Tells developers, once and in development only, that two callbacks have newer names. Both names keep working. */

import type { KryptosConnectOptions } from "./use-kryptos-connect.js";

/** Bundlers put a word in its place; where nobody does, there is no `process`. */
declare const process: { readonly env: { readonly NODE_ENV?: string } };

let isNoted = false;

export function noteEarlierNames({ onSuccess, onError }: KryptosConnectOptions): void {
  try {
    if (process.env.NODE_ENV === "development" && !isNoted && (onSuccess || onError)) {
      isNoted = true;
      // biome-ignore lint/suspicious/noConsole: a developer's console is where this belongs.
      console.info("Kryptos Connect: onSuccess is now called onConnectSuccess, onError is onConnectError.");
    }
  } catch {
    // no bundler, no development
  }
}
