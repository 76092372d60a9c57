/** Keeps a copy of the built package in one file, React left out: the test that a newer widget meets this SDK needs it. */

import { readFileSync } from "node:fs";
import { build } from "vite";

const here = (path) => new URL(path, import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(here("../package.json"), "utf8"));

await build({
  configFile: false,
  logLevel: "warn",
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: here("frozen"),
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: here("../dist/index.js"), formats: ["es"], fileName: () => `web-sdk-${version}.mjs` },
    rolldownOptions: { external: ["react", "react-dom"], output: { codeSplitting: false, minify: true } },
  },
});
