/** The Next.js example: what a layout says on the server reaches the button in the browser, in both generations. */

import { describe, expect } from "vitest";

import { connectAsGuest } from "./support/journey.js";
import { type NextApp, startNextApp } from "./support/next-app.js";
import { test as base } from "./support/test.js";

const test = base.extend<{ readonly next: NextApp }>({
  next: [
    async ({ demo }, use) => {
      const next = await startNextApp(demo);
      await use(next);
      await next.stop();
    },
    { scope: "file" },
  ],
});

describe("the Next.js example", () => {
  test("connects under a provider, and shows what is held", async ({ next, page, widget }) => {
    await page.goto(next.url);
    await widget.open();
    await connectAsGuest(widget);
    await page.getByText("Up to date.").waitFor();
    expect(await page.getByRole("listitem").allInnerTexts()).toContainEqual(
      expect.stringMatching(/^ETH: \d/),
    );
  });

  test("connects where `init` was called in a layout on the server", async ({ demo, next, page, widget }) => {
    await page.goto(`${next.url}/second-generation`);
    await widget.open();
    const frame = await page.locator("dialog iframe").getAttribute("src");
    expect(frame).toContain(demo.baseUrl);
    await connectAsGuest(widget);
    await page.getByText("Connected.").waitFor();
  });
});
