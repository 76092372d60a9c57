import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { gzipBeside } from "../ui/build/gzip-beside.js";
import { servedLikeTheServer } from "../ui/build/served-like-the-server.js";
import { SHARED_SOURCES } from "../ui/build/sources.js";
import { blocksRendering } from "./build/blocks-rendering.js";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Built files stand flat in the server's folder, which serves them at `/account/assets/<file>`. */
export default defineConfig(({ command }) => ({
  base: command === "build" ? "/account/assets/" : "/account/",
  resolve: { alias: SHARED_SOURCES },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [servedLikeTheServer(["/account/api", "/connect/logo"]), blocksRendering(), gzipBeside()],
  build: {
    outDir: path("../../backend/src/kryptos/surfaces/account_page/assets"),
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
  },
  server: { host: "127.0.0.1", port: 4541, strictPort: true },
  test: {
    environment: "jsdom",
    include: ["test/**/*.test.{ts,tsx}"],
    exclude: ["test/browser/**"],
    setupFiles: ["../ui/test/support/setup.ts"],
    testTimeout: 30_000, // patience for a slow machine; no test waits that long on purpose
    expect: { poll: { timeout: 15_000 } },
  },
}));
