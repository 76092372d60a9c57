/** Tells developers, once and in development only, that two callbacks have newer names. Both names keep working. */

import type { KryptosConnectOptions } from "./use-kryptos-connect.js";

/** React Native sets it; bundlers of the web may not. */
declare const __DEV__: boolean | undefined;

let isNoted = false;

export function isDevelopment(): boolean {
  return typeof __DEV__ !== "undefined" && __DEV__ === true;
}

export function noteEarlierNames({ onSuccess, onError }: KryptosConnectOptions): void {
  if (!isDevelopment() || isNoted || !(onSuccess || onError)) return;
  isNoted = true;
  // biome-ignore lint/suspicious/noConsole: a developer's console is where this belongs.
  console.info("Kryptos Connect: onSuccess is now called onConnectSuccess, onError is onConnectError.");
}
