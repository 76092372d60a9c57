/** What an app's `generateLinkToken` returns, in all accepted shapes. */

import { KryptosConnectError } from "./error.js";

/** The documented reply of an app's backend. */
export interface LinkTokenReply {
  readonly link_token: string;
  /** Whether the person was here before; the session on the server decides. */
  readonly isAuthorized?: boolean | undefined;
  /** The Connect server, for pages that know neither `clientId` nor `baseUrl`. */
  readonly base_url?: string | undefined;
  /** The widget as a page of its own: a native app opens it in the system's browser, where it is told to. */
  readonly hosted_url?: string | undefined;
}

/** Makes a link token on the app's backend. The bare string is what the first mobile SDK asked for. */
export type GenerateLinkToken = () => Promise<LinkTokenReply | string>;

export interface LinkToken {
  readonly linkToken: string;
  readonly isAuthorized: boolean;
  readonly baseUrl: string | undefined;
  readonly hostedUrl: string | undefined;
}

/** Return the link token of a reply, or raise an error that says what to return instead. */
export function readLinkToken(reply: unknown): LinkToken {
  const { link_token, isAuthorized, base_url, hosted_url } = (
    typeof reply === "string" ? { link_token: reply } : (reply ?? {})
  ) as { [name in keyof LinkTokenReply]?: unknown };
  if (!link_token || typeof link_token !== "string") {
    throw new KryptosConnectError(
      "LINK_TOKEN_FAILED",
      'generateLinkToken returned no link token. Return { link_token: "link_…" }.',
    );
  }
  return {
    linkToken: link_token,
    isAuthorized: isAuthorized === true,
    baseUrl: textOf(base_url),
    hostedUrl: textOf(hosted_url),
  };
}

function textOf(given: unknown): string | undefined {
  return given ? String(given) : undefined;
}
