/** The tests that use the packed SDK in apps: bundled for phones, and in Chromium against a real server. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/bundles/**/*.test.ts", "test/browser/**/*.test.ts"],
    globalSetup: ["test/browser/support/packed.ts"],
    environment: "node",
    fileParallelism: false,
    // Patience for a slow machine; no test waits that long on purpose. Metro's first bundle is made without a cache.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
