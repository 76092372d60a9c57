/** What to tell a person about an error. */

/** Where the app's own backend failed, the SDK's error has that as its cause: those words are the person's. */
export function sayFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Whether the person closed the widget: no error to speak of. */
export function isExit(error: Error): boolean {
  return "code" in error && error.code === "USER_EXIT";
}
