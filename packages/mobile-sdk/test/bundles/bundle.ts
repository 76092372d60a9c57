/** What is in a bundle for a phone: bytecode or not, and the packages whose code it has. */

import { existsSync } from "node:fs";
import { open, readdir, readFile } from "node:fs/promises";

/** What every file of Hermes bytecode begins with. */
const HERMES = "c61fbc03c103191f";
/** What a package has that brings native code along. */
const NATIVE = /\.podspec$|^expo-module\.config\.json$|^android$|^ios$/;

export async function isHermes(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer } = await handle.read({ buffer: Buffer.alloc(8) });
  return buffer.toString("hex") === HERMES;
}

/** The files that a bundle was made of, by its source map; without the bundler's own. */
export async function sourcesOf(map: string): Promise<readonly string[]> {
  return (JSON.parse(await readFile(map, "utf8")) as { readonly sources: readonly string[] }).sources;
}

/** The packages of these files that bring native code along. */
export async function nativePackages(app: string, sources: readonly string[]): Promise<readonly string[]> {
  const names = new Set(
    sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []),
  );
  const native: string[] = [];
  for (const name of [...names].sort()) {
    const folder = `${app}/node_modules/${name}`;
    // One that lies in another's own node_modules belongs to a tool, and is no part of the app's native build.
    if (existsSync(folder) && (await readdir(folder)).some((file) => NATIVE.test(file))) native.push(name);
  }
  return native;
}
