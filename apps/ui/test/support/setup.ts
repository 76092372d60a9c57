/** What jsdom lacks and the widget uses. */

import { cleanup, configure } from "@testing-library/preact";
import { afterEach } from "vitest";

afterEach(cleanup);

configure({ asyncUtilTimeout: 15_000 }); // patience for a slow machine

HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
  this.open = false;
};
