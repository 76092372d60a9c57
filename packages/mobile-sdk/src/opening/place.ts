/** The widget's place on a phone: a page of its own in a WebView, and what it may ask of the app around it. */

import { type AppAddress, appUrl, KryptosConnectError } from "@kryptos_connect/connect-core";
import { Linking } from "react-native";
import { decide } from "./addresses.js";

/** Where the widget is opened. */
export const addressOf: (address: AppAddress) => string = appUrl;

/** Carry out what the widget asks of the host; `params` is unchecked. */
export async function answer(method: string, params: unknown): Promise<unknown> {
  if (method === "wallets.list") return []; // a phone's wallets are apps: WalletConnect reaches them
  if (method === "link.open") return { opened: await openOutside((params as { url?: unknown } | null)?.url) };
  throw new KryptosConnectError(
    "METHOD_UNKNOWN",
    `This version of the SDK cannot do "${method}". Update it.`,
  );
}

/** Open an address in another app, if it is one that may be; return whether that was done. */
export async function openOutside(address: unknown): Promise<boolean> {
  if (decide(String(address), "") !== "open") return false;
  try {
    await Linking.openURL(String(address));
    return true;
  } catch {
    return false; // no app takes it
  }
}

/** Nothing is kept here between openings. */
export function closeHost(): void {}
