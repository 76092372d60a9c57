/** Takes the pictures (`make screenshots`); no test of `make test`. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/browser/quality/*.shots.ts"],
    globalSetup: ["test/browser/support/built.ts"],
    environment: "node",
    testTimeout: 600_000,
    hookTimeout: 180_000,
  },
});
