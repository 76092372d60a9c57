/** The error that a host app is given: a stable code, and a message that says the cause and the next step. */

export class KryptosConnectError extends Error {
  declare readonly code: string;
  /** The server's id of the call that failed, for support. */
  declare readonly requestId: string | undefined;
  declare readonly cause: unknown;

  constructor(code: string, message: string, more?: { requestId?: string | undefined; cause?: unknown }) {
    super(message);
    Object.assign(this, { name: "KryptosConnectError", code, ...more });
  }
}

/** Return what an unknown thrown thing says of itself. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
