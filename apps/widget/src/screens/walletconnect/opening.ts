/** Opens wallet apps: by the native app around this page, or by a link of this page. */

import type { Host } from "../../contracts.js";

/** Whether a wallet app may be beside this page: in a native app, or in the browser of a phone. */
export function isOnPhone(kind: Host["kind"]): boolean {
  return (
    kind === "app" ||
    (typeof matchMedia === "function" && matchMedia("(hover: none) and (pointer: coarse)").matches)
  );
}

/** Ask the native app to open a link; says whether an app took it. */
export async function openByApp(host: Host, url: string): Promise<boolean> {
  try {
    return (await host.ask("link.open", { url })).opened;
  } catch {
    return false;
  }
}
