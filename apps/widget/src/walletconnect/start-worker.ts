/** Starts the worker of one pairing. */

import address from "./worker.js?worker&url";

/** `relayUrl` stands in the address, because the policy that comes with the file names the relay, and is kept with it. */
export function startWorker(relayUrl: string): Worker {
  return new Worker(`${address}?${encodeURIComponent(relayUrl)}`, { type: "module" });
}
