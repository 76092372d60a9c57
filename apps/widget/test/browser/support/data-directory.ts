/** The directory in which a running demo keeps its data, for what only an operator of it can do or read. */

import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Demo } from "./demo.js";
import { KRYPTOS, run } from "./repository.js";

/** Find it by what the demo wrote there of itself. */
export async function directoryOf(demo: Demo): Promise<string> {
  const made = (await readdir(tmpdir())).filter((name) => name.startsWith("kryptos-browser-"));
  for (const directory of made.map((name) => join(tmpdir(), name))) {
    const facts = await readFile(join(directory, "demo.json"), "utf8").catch(() => "");
    if (facts.includes(demo.facts.client_id)) return directory;
  }
  throw new Error(`no directory in ${tmpdir()} is that of the client ${demo.facts.client_id}`);
}

/** Let the demo's client reach real accounts, as an operator would. */
export async function moveToProduction(demo: Demo): Promise<void> {
  const environment = { ...process.env, KRYPTOS_DATA_DIR: await directoryOf(demo) };
  await run(KRYPTOS, ["client", "set-mode", demo.facts.client_id, "production"], environment);
}

/** Everything that the demo's processes have written until now. */
export async function logsOf(demo: Demo): Promise<string> {
  const folder = join(await directoryOf(demo), "logs");
  const texts = (await readdir(folder)).map((name) => readFile(join(folder, name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}
