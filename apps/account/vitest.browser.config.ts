/** The tests that use the built page in a real browser: one file at a time. */

import { defineConfig } from "vitest/config";
import { SHARED_SOURCES } from "../ui/build/sources.js";

export default defineConfig({
  resolve: { alias: SHARED_SOURCES },
  test: {
    include: ["test/browser/**/*.test.ts"],
    globalSetup: ["test/browser/support/built.ts"],
    environment: "node",
    fileParallelism: false,
    // Patience for a slow machine; no test waits that long on purpose.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
