/** Tells host and session record what happened; what looks like a secret never gets that far. */

import type { Api, Host } from "../contracts.js";

type Details = Readonly<Record<string, unknown>>;

const LONGEST = 64;
/** Addresses, keys, tokens, codes and mail addresses. */
const SUSPICIOUS = /@|^\d{6}$|[0-9a-zA-Z]{25,}|^(link|public|cat|wkey|secret)_/;

/** Short words, numbers and truth values pass; everything else is dropped. */
export function harmless(details: Details): Details {
  return Object.fromEntries(
    Object.entries(details).filter(([, value]) => {
      if (typeof value === "string") return value.length <= LONGEST && !SUSPICIOUS.test(value);
      return typeof value === "number" || typeof value === "boolean";
    }),
  );
}

/** The server records how a session ended by itself, and takes no more events then. */
const ENDS = ["completed", "exited"];

interface Source {
  readonly host: Host;
  readonly api: Pick<Api, "record"> & { readonly lastRequestId: string | null };
  readonly sessionId: () => string | null;
}

export function createReport({ host, api, sessionId }: Source) {
  return (name: string, given: Details = {}): void => {
    const details = harmless(given);
    const requestId = typeof given["request_id"] === "string" ? given["request_id"] : api.lastRequestId;
    host.event({ name, at: new Date().toISOString(), sessionId: sessionId(), requestId, details });
    if (!ENDS.includes(name))
      api.record(name, requestId === null ? details : { ...details, request_id: requestId });
  };
}
