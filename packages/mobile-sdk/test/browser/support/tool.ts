/** A tool of an example's own, run in its folder; asks nobody on the network, and tells nobody. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const QUIET = { CI: "1", EXPO_OFFLINE: "1", EXPO_NO_TELEMETRY: "1", NODE_ENV: "production" };

export async function tool(
  example: string,
  name: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  const env = { ...process.env, ...QUIET, ...environment };
  try {
    await promisify(execFile)(`${example}/node_modules/.bin/${name}`, words, { cwd: example, env });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${name} ${words[0] ?? ""} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
