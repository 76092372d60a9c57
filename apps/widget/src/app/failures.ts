/** What a failure means for the way on. */

import type { ApiFailure } from "../contracts.js";

/** Nothing more can be done under the present link token: the app must give another. */
export function needsFreshToken({ code }: ApiFailure): boolean {
  return ["TOKEN_ALREADY_USED", "TOKEN_EXPIRED", "INVALID_TOKEN", "SESSION_NOT_FOUND"].includes(code);
}

/** Trying again cannot help, here and now. */
export function isFinal({ code }: ApiFailure): boolean {
  return ["NOT_OPENED_BY_AN_APP", "HOSTED_LINK_USED"].includes(code);
}
