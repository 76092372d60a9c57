/** Tests of the sources: all of them on today's React, and one journey on every React that is supported. */

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig } from "vitest/config";
import { define } from "./stylesheet.config.js";

const { resolve } = createRequire(import.meta.url);
const here = (path: string): string => new URL(path, import.meta.url).pathname;
const core = { "@kryptos_connect/connect-core": here("../connect-core/src/index.ts") };

/** React as the package `react-16` and so on bring it; 19 is everybody's. */
function reactOf(version: number): Record<string, string> {
  const render = {
    "#render": here(version < 18 ? "test/matrix/render-legacy.ts" : "test/matrix/render-root.ts"),
  };
  if (version === 19) return render;
  const installed = join(dirname(resolve(`react-${version}/package.json`)), "node_modules");
  return { ...render, react: join(installed, "react"), "react-dom": join(installed, "react-dom") };
}

/** Patience for a slow machine; no test waits that long on purpose. */
const patience = { testTimeout: 30_000, expect: { poll: { timeout: 15_000 } } };

export default defineConfig({
  test: {
    projects: [
      {
        define: { ...define },
        resolve: { alias: core },
        test: {
          name: "sdk",
          include: ["test/*.test.{ts,tsx}"],
          environment: "jsdom",
          setupFiles: ["test/page.ts"],
          ...patience,
        },
      },
      ...[16, 17, 18, 19].map((version) => ({
        define: { ...define, REACT_MAJOR: String(version) },
        resolve: { alias: { ...core, ...reactOf(version) } },
        test: {
          name: `react-${version}`,
          include: ["test/matrix/*.test.ts"],
          environment: "jsdom",
          setupFiles: ["test/page.ts"],
          ...patience,
        },
      })),
    ],
  },
});
