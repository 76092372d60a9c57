/** Which view the address names, and the key of a management link, which leaves the address at once. */

import type { Route } from "../contracts.js";

const MANAGE = /^#manage=(.+)$/;
const APP = /^#\/apps\/([^/]+)$/;

export function readRoute(hash: string): Route {
  const grantId = APP.exec(hash)?.[1];
  if (grantId !== undefined) return { name: "app", grantId: decoded(grantId) };
  if (hash === "#/accounts") return { name: "accounts" };
  if (hash === "#/data") return { name: "data" };
  return { name: "apps" };
}

export function addressOf(route: Route): string {
  if (route.name === "app") return `#/apps/${encodeURIComponent(route.grantId)}`;
  return `#/${route.name}`;
}

/** What is used of a `window`. */
export interface AddressBar {
  readonly location: Pick<Location, "hash" | "pathname" | "search">;
  readonly history: Pick<History, "replaceState" | "state">;
}

/** Take the key of a management link out of the address: it must not stay where it is shown, copied and remembered. */
export function takeManagementKey({ location, history }: AddressBar): string | null {
  const key = MANAGE.exec(location.hash)?.[1];
  if (key === undefined) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return decoded(key);
}

/** As it is, where it is no encoding of anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
