/** The smoke runs in other engines than Chromium: `make engines`. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/browser/engines/*.smoke.ts"],
    globalSetup: ["test/browser/support/built.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
