/** A newer widget meets the SDK as it was first published: every SDK that is out there has to go on working. */

import { fileURLToPath } from "node:url";

import { build, type Rollup } from "vite";
import { describe, expect } from "vitest";

import { onlyCall } from "./support/calls.js";
import { Host } from "./support/host.js";
import { connectAsGuest } from "./support/journey.js";
import { REPOSITORY } from "./support/repository.js";
import { test as base } from "./support/test.js";

const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));
const SDK = `${REPOSITORY}/packages/web-sdk`;
const FROZEN = `${SDK}/test/frozen/web-sdk-0.1.0.mjs`;

/** The fixture's script, with the frozen SDK in the place of the one in this repository. */
const test = base.extend(
  "script",
  { scope: "file" },
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads what is wanted from this pattern
  async ({}) => {
    const built = (await build({
      root: FIXTURES,
      configFile: false,
      logLevel: "error",
      resolve: { alias: [{ find: /^@kryptos_connect\/web-sdk$/, replacement: FROZEN }] },
      build: {
        write: false,
        rolldownOptions: { input: `${FIXTURES}/host-page.tsx`, output: { codeSplitting: false } },
      },
    })) as Rollup.RollupOutput;
    const [script] = built.output;
    expect(script.moduleIds).toContain(FROZEN);
    expect(script.moduleIds.filter((id) => id.startsWith(`${SDK}/`) && id.endsWith(".js"))).toEqual([]);
    return script.code;
  },
);

describe("the first published SDK", () => {
  for (const shape of ["plain", "second-generation"]) {
    test(`goes the whole way when mounted ${shape}`, async ({ host, page, widget, script }) => {
      await page.route("**/host-page.js", (route) =>
        route.fulfill({ contentType: "text/javascript", body: script }),
      );
      await page.goto(host.url(shape));
      await widget.open();
      await connectAsGuest(widget);
      expect(await onlyCall(page)).toEqual({
        name: "success",
        value: { public_token: expect.stringMatching(/^public_/) },
      });
    });
  }

  test("is told that its page is not registered", async ({ demo, page, widget, script }) => {
    const unlisted = await Host.serve(demo, { isRegistered: false });
    try {
      await page.route("**/host-page.js", (route) =>
        route.fulfill({ contentType: "text/javascript", body: script }),
      );
      await page.goto(unlisted.url("plain"));
      await widget.open();
      expect(await onlyCall(page)).toMatchObject({ name: "error", code: "EMBED_BLOCKED" });
    } finally {
      await unlisted.close();
    }
  });
});
