/** What only the operator of a running demo can do or read. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Demo } from "./demo.js";
import { KRYPTOS, run } from "./repository.js";

/** Let the demo's client reach real accounts, as an operator would. */
export async function moveToProduction(demo: Demo): Promise<void> {
  const environment = { ...process.env, KRYPTOS_DATA_DIR: demo.directory };
  await run(KRYPTOS, ["client", "set-mode", demo.facts.client_id, "production"], environment);
}

/** Everything that the demo's processes have written until now. */
export async function logsOf(demo: Demo): Promise<string> {
  const folder = join(demo.directory, "logs");
  const texts = (await readdir(folder)).map((name) => readFile(join(folder, name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}
