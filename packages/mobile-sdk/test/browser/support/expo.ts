/** The Expo example, exported: for phones as bytecode, for browsers as a page. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { EXPO } from "./places.js";
import { tool } from "./tool.js";

type Platform = "android" | "ios" | "web";

interface Metadata {
  readonly fileMetadata: Readonly<Record<string, { readonly bundle: string }>>;
}

export interface Export extends AsyncDisposable {
  readonly folder: string;
  /** The file of a phone's bundle; its source map lies beside it. */
  bundleOf(platform: Platform): Promise<string>;
}

export async function exportApp(
  platforms: readonly Platform[],
  settings?: Readonly<Record<string, string>>,
): Promise<Export> {
  const top = await mkdtemp(join(tmpdir(), "kryptos-expo-"));
  const folder = join(top, "dist");
  const named = platforms.flatMap((platform) => ["--platform", platform]);
  // Metro's cache, in the folder for temporary files, remembers settings of other times: with them it begins anew.
  const environment = settings && { TMPDIR: top, ...settings };
  await tool(EXPO, "expo", ["export", ...named, "--source-maps", "--output-dir", folder], environment);
  return {
    folder,
    async bundleOf(platform) {
      const metadata = JSON.parse(await readFile(join(folder, "metadata.json"), "utf8")) as Metadata;
      return join(folder, metadata.fileMetadata[platform]?.bundle ?? "");
    },
    [Symbol.asyncDispose]: () => rm(top, { recursive: true }),
  };
}
