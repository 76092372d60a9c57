/** The shortest whole journey: a guest, a test account, the end. */

import type { Widget } from "./widget.js";

export async function connectAsGuest(widget: Widget): Promise<void> {
  await widget.asGuest();
  await widget.consent();
  await widget.pickTestAccount(/trader/i);
  await widget.done();
}
