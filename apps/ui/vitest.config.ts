import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.{ts,tsx}"],
    setupFiles: ["test/support/setup.ts"],
    testTimeout: 30_000, // patience for a slow machine; no test waits that long on purpose
    expect: { poll: { timeout: 15_000 } },
  },
});
