/** The widget as a person meets it in an app's WebView. */

import type { Page } from "playwright-core";

import { Widget } from "../../../../../apps/widget/test/browser/support/widget.js";

export class AppWidget extends Widget {
  constructor(page: Page) {
    super(page, page);
  }

  override async isGone(): Promise<void> {
    if (!this.page.isClosed()) await this.page.waitForEvent("close");
  }
}
