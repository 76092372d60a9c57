/** `test` with what these tests need: the app's page for the file, a phone for the test. */

import { PageServer } from "../../../../../apps/widget/test/browser/support/page-server.js";
import { test as base } from "../../../../../apps/widget/test/browser/support/test.js";
import { bundleApp } from "./app-bundle.js";
import { Phone } from "./phone.js";

interface Given {
  /** Where the app's page is. */
  readonly address: string;
  readonly phone: Phone;
}

export const test = base.extend<Given>({
  address: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what is wanted from this pattern
    async ({}, use) => {
      await using server = await PageServer.serve(await bundleApp(), "localhost");
      await use(server.origin);
    },
    { scope: "file" },
  ],
  phone: async ({ browser, demo, onTestFailed }, use) => {
    const phone = await Phone.start(browser, demo);
    onTestFailed(async () => {
      process.stderr.write(`\n--- said\n${phone.said.join("\n")}\n${await demo.logs({ lines: 30 })}\n`);
    });
    await use(phone);
    await phone.stop();
  },
});
