/** `node start.mjs`: runs `program.ts`, which Node alone cannot read; the task as JSON on standard input, one line of JSON out. */

import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { runnerImport } from "vite";

const program = fileURLToPath(new URL("program.ts", import.meta.url));
// Otherwise Vite takes this for development, and builds React's slow half into the pages that are measured.
process.env.NODE_ENV = "production";
const { module } = await runnerImport(program, { configFile: false, logLevel: "error", mode: "production" });
process.stdout.write(`${JSON.stringify(await module.measure(await json(process.stdin)))}\n`);
