/** Writes the licences of all packages whose code a build holds beside its files, those of its workers with them. */

import { readdirSync, readFileSync } from "node:fs";
import type { Plugin, Rollup } from "vite";

const FILE = "licences.txt";
const FOLDER = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const TEXT = /^licen[cs]e(\.\w+)?$/i;

export interface Licences {
  /** For the page's build, which writes the file. */
  readonly beside: Plugin;
  /** For the builds of its workers, which come before. */
  readonly ofWorkers: Plugin;
}

export function licencesBeside(): Licences {
  const folders = new Set<string>();
  const collect = (bundle: Rollup.OutputBundle) => {
    for (const part of Object.values(bundle))
      for (const id of part.type === "chunk" ? part.moduleIds : []) {
        const folder = FOLDER.exec(id.replaceAll("\\", "/").replaceAll("\0", ""))?.[1];
        if (folder) folders.add(folder);
      }
  };
  return {
    ofWorkers: { name: "licences-of-workers", generateBundle: (_, bundle) => collect(bundle) },
    beside: {
      name: "licences-beside",
      apply: "build",
      generateBundle(_, bundle) {
        collect(bundle);
        const source = [...new Set([...folders].map(licenceOf))].sort().join(`\n${"-".repeat(80)}\n\n`);
        this.emitFile({ type: "asset", fileName: FILE, source });
      },
    },
  };
}

/** A package's name, version and licence, and the text that it comes with, if any. */
function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((each) => TEXT.test(each));
  const text = file ? `\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n` : "";
  return `${name} ${version}: ${license}\n${text}`;
}
