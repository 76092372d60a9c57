/** What must be said before the widget is taken away; each of these takes a moment at most, and never fails. */

export const closing = new Set<() => Promise<void>>();
