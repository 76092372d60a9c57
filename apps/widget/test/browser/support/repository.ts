/** Where things are in this repository, and how a program of it is run to its end. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const REPOSITORY = fileURLToPath(new URL("../../../../..", import.meta.url)).replace(/\/$/, "");
export const PYTHON = `${REPOSITORY}/.venv/bin/python`;
export const KRYPTOS = `${REPOSITORY}/.venv/bin/kryptos`;

/** Run a program in the repository; give what it prints, or reject with what it complained of. */
export async function run(
  program: string,
  words: readonly string[],
  environment = process.env,
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, { cwd: REPOSITORY, env: environment });
  return stdout;
}
