/** Where things are in this repository, and how a program of it is run to its end. */

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
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

/** Build workspaces as they are shipped: in vitest's own NODE_ENV they would become development pages. */
export async function buildAll(workspaces: readonly string[]): Promise<void> {
  const environment = { ...process.env, NODE_ENV: "production" };
  for (const workspace of workspaces) {
    await run("npm", ["run", "build", "--if-present", "-w", workspace], environment);
  }
}

/** The files of a built page that name a folder of this machine: none of a page that may be shipped. */
export async function filesNamingThisMachine(page: string): Promise<readonly string[]> {
  const folder = `${REPOSITORY}/backend/src/kryptos/surfaces/${page}/assets`;
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
  if (files.length === 0) throw new Error(`${folder} is empty`);
  return files.filter((_, at) => texts[at]?.includes(REPOSITORY));
}
