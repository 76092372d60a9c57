/** Takes the pictures: `npx vitest run --config test/browser/quality/screenshots.config.ts`; no test of `make test`. */

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
