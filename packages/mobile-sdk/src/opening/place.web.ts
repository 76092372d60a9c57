/** The widget's place in a browser (Expo web): a frame, and the wallets that this browser has. */

import { type AppAddress, frameUrl, type Wallets } from "@kryptos_connect/connect-core";

let wallets: Promise<Wallets> | undefined;

/** Where the widget is framed. */
export function addressOf(address: AppAddress): string {
  return frameUrl({ ...address, origin: location.origin });
}

/** Carry out what the widget asks of the host; `params` is unchecked. */
export async function answer(method: string, params: unknown): Promise<unknown> {
  wallets ??= import("./wallets.js").then(({ openWallets }) => openWallets(window));
  return (await wallets).answer(method, params);
}

/** The end of an opening: stop listening to wallets. */
export function closeHost(): void {
  void wallets?.then((opened) => opened.close());
  wallets = undefined;
}
