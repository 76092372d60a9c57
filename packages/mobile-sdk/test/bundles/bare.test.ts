/** The bare example with the packed SDK, bundled for phones by React Native's own command. */

import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { run } from "../../../../apps/widget/test/browser/support/repository.js";
import { BARE } from "../browser/support/places.js";
import { tool } from "../browser/support/tool.js";
import { isHermes, nativePackages, sourcesOf } from "./bundle.js";

const HERMESC: Readonly<Record<string, string>> = {
  darwin: "osx-bin/hermesc",
  linux: "linux64-bin/hermesc",
  win32: "win64-bin/hermesc.exe",
};

test("the example's types are right", async () => {
  await tool(BARE, "tsc", []);
});

describe.each(["android", "ios"])("bundled for %s", (platform) => {
  let folder: string;
  const bundle = () => join(folder, "main.jsbundle");

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kryptos-bare-"));
    await tool(BARE, "react-native", [
      "bundle",
      ...["--platform", platform, "--dev", "false", "--entry-file", "index.js"],
      ...["--bundle-output", bundle(), "--sourcemap-output", `${bundle()}.map`, "--assets-dest", folder],
    ]);
  });

  afterAll(() => rm(folder, { recursive: true }));

  test("the SDK needs react-native-webview and nothing else that is native", async () => {
    const sources = await sourcesOf(`${bundle()}.map`);
    expect(sources.filter((each) => each.includes("mobile-sdk/dist/native/"))).not.toEqual([]);
    expect(await nativePackages(BARE, sources)).toEqual(["react-native", "react-native-webview"]);
  });

  test("Hermes' compiler takes it", async () => {
    await run(hermesc(), ["-emit-binary", "-O", "-w", "-out", `${bundle()}.hbc`, bundle()]);
    expect(await isHermes(`${bundle()}.hbc`)).toBe(true);
  });
});

/** The compiler that React Native brings along. */
function hermesc(): string {
  const { resolve } = createRequire(`${BARE}/node_modules/react-native/package.json`);
  return join(dirname(resolve("hermes-compiler/package.json")), "hermesc", HERMESC[process.platform] ?? "");
}
