/** Builds the package: one file for each source file, so that `"use client"` stays where it is written. */

import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { defineConfig } from "tsdown";
import { define } from "./stylesheet.config.js";

/** Where a file goes: ours to the top, those of the session core below `core/`. */
function place(path: string): string {
  return path.replace(/^web-sdk\/src\//, "").replace(/^connect-core\/src\//, "core/");
}

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  target: "es2019",
  platform: "neutral",
  unbundle: true,
  root: "..",
  dts: { sourcemap: false },
  sourcemap: false,
  alias: {
    "@kryptos_connect/connect-core": new URL("../connect-core/src/index.ts", import.meta.url).pathname,
  },
  inputOptions: (input) => ({ ...input, transform: { ...input.transform, define } }),
  outputOptions: (output) => {
    const { entryFileNames: given } = output;
    return {
      ...output,
      entryFileNames: (chunk) =>
        (typeof given === "function" ? given(chunk) : (given ?? "[name].js")).replace(
          "[name]",
          place(chunk.name),
        ),
    };
  },
  onSuccess: () => {
    mkdirSync("dist/styles", { recursive: true });
    copyFileSync("src/styles/index.css", "dist/styles/index.css");
    // TypeScript 6 asks for the types of an imported stylesheet.
    writeFileSync("dist/styles/index.css.d.ts", "export {};\n");
  },
});
