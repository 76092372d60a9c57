/** The Expo example with the packed SDK, exported for phones: types, bytecode, and what native code it needs. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { beforeAll, describe, expect, test } from "vitest";

import { type Export, exportApp } from "../browser/support/expo.js";
import { EXPO } from "../browser/support/places.js";
import { tool } from "../browser/support/tool.js";
import { isHermes, nativePackages, sourcesOf } from "./bundle.js";

test("the example's types are right", async () => {
  await tool(EXPO, "tsc", []);
});

test("no flag of Babel's is set: there is no configuration of it", async () => {
  for (const name of [
    "babel.config.js",
    "babel.config.cjs",
    "babel.config.json",
    ".babelrc",
    "metro.config.js",
  ]) {
    expect(existsSync(`${EXPO}/${name}`), name).toBe(false);
  }
  expect(JSON.parse(await readFile(`${EXPO}/package.json`, "utf8"))).not.toHaveProperty("babel");
});

describe("exported", () => {
  let exported: Export;

  beforeAll(async () => {
    exported = await exportApp(["android", "ios"]);
    return () => exported[Symbol.asyncDispose]();
  });

  for (const platform of ["android", "ios"] as const) {
    test(`for ${platform}, it is bytecode of Hermes`, async () => {
      expect(await isHermes(await exported.bundleOf(platform))).toBe(true);
    });

    test(`for ${platform}, the SDK needs react-native-webview and nothing else that is native`, async () => {
      const sources = await sourcesOf(`${await exported.bundleOf(platform)}.map`);
      expect(sources.filter((each) => each.includes("mobile-sdk/dist/native/"))).not.toEqual([]);
      const manifest = await readFile(`${EXPO}/node_modules/expo/package.json`, "utf8");
      const ofExpo = ["expo", ...Object.keys(JSON.parse(manifest).dependencies)];
      const native = await nativePackages(EXPO, sources);
      expect(native.filter((name) => !ofExpo.includes(name))).toEqual([
        "react-native",
        "react-native-webview",
      ]);
    });
  }
});
