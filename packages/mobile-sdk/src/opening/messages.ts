/** Messages between app and page: how one is put into the page as a script, and which of the page's are heard. */

import { APP_EVENT, type HostHello, type HostMessage } from "@kryptos_connect/connect-core";
import { isFromPage, placeOf } from "./addresses.js";

/** Longer than anything the widget says. */
const LONGEST = 100_000;

/** What a WebView tells of a message. */
export interface PageMessage {
  readonly url?: unknown;
  readonly data?: unknown;
}

export type Message = Readonly<Record<string, unknown>> & { readonly type: string };

/** Return a message of our page; undefined for what is forged, huge, or has not the documented form. */
export function readMessage(
  { url, data }: PageMessage,
  page: string,
  isOriginEnough: boolean,
): Message | undefined {
  if (!isFromPage(url, page, isOriginEnough)) return undefined;
  if (typeof data !== "string" || data.length > LONGEST) return undefined;
  try {
    const message = JSON.parse(data) as { readonly type?: unknown } | null;
    return typeof message?.type === "string" ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Return the script that gives the page a message. It does so in our page alone: before that nothing of the page's is
 * called (`location` cannot be replaced), so that no other page can learn what the message says.
 */
export function scriptOf(message: HostHello | HostMessage, page: string): string {
  const place = placeOf(page) ?? { origin: "", path: "" };
  const isHere = `location.origin===${literal(place.origin)}&&location.pathname===${literal(place.path)}`;
  const detail = `JSON.parse(${literal(JSON.stringify(message))})`;
  return `if(${isHere})window.dispatchEvent(new CustomEvent(${literal(APP_EVENT)},{detail:${detail}}));true;`;
}

/** A string as JavaScript of every age, and every place in a page, reads it. */
function literal(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (each) => `\\u${`000${each.charCodeAt(0).toString(16)}`.slice(-4)}`,
  );
}
