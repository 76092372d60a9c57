/** Before the first test: packs the SDK as it is published, and puts that package into both examples. */

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { run } from "../../../../../apps/widget/test/browser/support/repository.js";
import { BARE, EXPO, MOBILE_SDK } from "./places.js";

export async function setup(): Promise<void> {
  await run("npm", ["run", "build", "--prefix", MOBILE_SDK]);
  const folder = await mkdtemp(join(tmpdir(), "kryptos-packed-"));
  try {
    await run("npm", ["pack", MOBILE_SDK, "--ignore-scripts", "--pack-destination", folder]);
    const [packed = ""] = await readdir(folder);
    for (const example of [EXPO, BARE]) {
      const words = ["install", "--prefix", example, "--no-save", "--ignore-scripts", "--prefer-offline"];
      await run("npm", [...words, join(folder, packed)]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
