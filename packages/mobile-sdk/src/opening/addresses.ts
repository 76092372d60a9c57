/**
 * What may become of an address in the WebView, and whose message it is: the only place where that is decided.
 *
 * Written without `URL`, which React Native does not have in full. What is not understood here is refused.
 */

export type Decision = "stay" | "open" | "refuse";

/** Schemes that another app is asked to open: pages, mail, and wallets that WalletConnect names by their own scheme. */
const OPENED: readonly string[] = [
  ...["https", "http", "mailto", "wc"],
  ...[
    "metamask",
    "trust",
    "rainbow",
    "cbwallet",
    "zerion",
    "uniswap",
    "safe",
    "ledgerlive",
    "phantom",
    "solflare",
  ],
  ...[
    "argent",
    "imtokenv2",
    "tpoutside",
    "bitkeep",
    "okex",
    "bnc",
    "exodus",
    "oneinch",
    "rabby",
    "coin98",
    "mathwallet",
  ],
];

const LONGEST = 8192;

/** Return what becomes of an address: it stays in the WebView, is opened by another app, or neither. */
export function decide(address: string, baseUrl: string): Decision {
  if (typeof address !== "string" || address.length > LONGEST || !isPlain(address)) return "refuse";
  if (isBelow(address, `${withoutSlash(baseUrl)}/connect`)) return "stay";
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  return scheme !== undefined && OPENED.indexOf(scheme) >= 0 ? "open" : "refuse";
}

/** A page's origin and path, as the WebView's `location` gives them. */
export interface PagePlace {
  readonly origin: string;
  readonly path: string;
}

/** Return the place of an `https:` or `http:` address; undefined for all others. */
export function placeOf(address: string): PagePlace | undefined {
  const found = /^(https?):\/\/([^/?#@\\]+)([^?#]*)/i.exec(address);
  if (!found) return undefined;
  const [, scheme = "", host = "", path = ""] = found;
  const isSecure = scheme.toLowerCase() === "https";
  const shortHost = host.toLowerCase().replace(isSecure ? /:443$/ : /:80$/, "");
  return { origin: `${scheme.toLowerCase()}://${shortHost}`, path: path || "/" };
}

/**
 * Whether a message comes from our page. Android's newer WebViews tell of a sender its origin alone; that suffices,
 * since no other page is let in and ours embeds none.
 */
export function isFromPage(sender: unknown, page: string, isOriginEnough: boolean): boolean {
  const from = typeof sender === "string" ? placeOf(sender) : undefined;
  const ours = placeOf(page);
  if (!from || !ours || from.origin !== ours.origin) return false;
  return from.path === ours.path || (isOriginEnough && /^https?:\/\/[^/?#]+\/?$/i.test(String(sender)));
}

/** Whether the address is this one, or one below it. */
function isBelow(address: string, top: string): boolean {
  const place = placeOf(address);
  const above = placeOf(top);
  if (!place || !above || place.origin !== above.origin) return false;
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(place.path)) return false;
  return place.path === above.path || place.path.slice(0, above.path.length + 1) === `${above.path}/`;
}

/** Without white space, control characters and backslashes, which browsers read in their own ways. */
function isPlain(address: string): boolean {
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at);
    if (code <= 32 || code === 92 || (code >= 127 && code < 160)) return false;
  }
  return true;
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}
