/** What to tell a person about an error. */

export function sayFailure(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether the person closed the widget: no error to speak of. */
export function isExit(error: Error): boolean {
  return "code" in error && error.code === "USER_EXIT";
}
