/** The address of the Connect server: the documented host, or one's own. */

import { KryptosConnectError } from "./error.js";

export const DEFAULT_BASE_URL = "https://connect-api.kryptos.io";

/** Over plain HTTP only this machine itself is trusted: a link token must not cross a network in the clear. */
const ACCEPTED =
  /^(https:\/\/[^\s/?#@\\]+|http:\/\/((\w+\.)*localhost|127(\.\d+){3}|\[::1\])(:\d+)?)(\/[^\s?#\\]*)?$/i;

/** Return the base URL, or raise an error that says what is wrong with it. */
export function readBaseUrl(given: string = DEFAULT_BASE_URL): string {
  if (ACCEPTED.test(given)) return given;
  throw new KryptosConnectError(
    "BASE_URL_INVALID",
    `baseUrl is "${given}". Give an https: address; http: is for localhost only.`,
  );
}
