/**
 * Builds the package with react-native-builder-bob, twice: for phones, and for browsers (`.web` files in place of their
 * namesakes), so that no bundler has to know of platforms in file names. What is used of connect-core is put into it.
 */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

const here = import.meta.dirname;
const SOURCES = join(here, "src");
const CORE = join(here, "../connect-core/src");
const BOB = dirname(createRequire(import.meta.url).resolve("react-native-builder-bob/package.json"));
const { resolve: ofBob } = createRequire(join(BOB, "package.json"));

/** The oldest engines of the phones and browsers that are supported; bob's own choice is far newer. */
const ENGINES = {
  native: { ios: "12", chrome: "61" },
  web: { ios: "14", chrome: "87", firefox: "78", safari: "14" },
};
const IMPORT = /((?:import|export)\s[^;]*?from\s+|import\()"([^"]+)"/g;
const FROM_CORE = /((?:import|export)(?: type)?) \{([^}]*)\} from "@kryptos_connect\/connect-core"/g;

/** Each name that connect-core exports, with the file it stands in. */
const homes = new Map();
for (const file of readdirSync(CORE).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))) {
  const code = readFileSync(join(CORE, file), "utf8");
  for (const [, name] of code.matchAll(
    /^export (?:declare )?(?:async )?(?:const|function|class|interface|type) (\w+)/gm,
  )) {
    homes.set(name, file.replace(/\.ts$/, ".js"));
  }
}

/** Let a file import from the files of connect-core themselves: what nobody needs is then not gathered. */
function fromFiles(code, place) {
  return code.replace(FROM_CORE, (_, verb, names) => {
    const byFile = new Map();
    for (const name of names
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean)) {
      const home = homes.get(name.replace(/^type /, ""));
      if (!home) throw new Error(`connect-core exports no ${name}`);
      byFile.set(home, [...(byFile.get(home) ?? []), name]);
    }
    const core = relative(dirname(place), "core");
    const path = (file) => `${core.startsWith(".") ? core : `./${core}`}/${file}`;
    return [...byFile].map(([file, all]) => `${verb} { ${all.join(", ")} } from "${path(file)}"`).join(";\n");
  });
}

/** The source of a place in the gathered tree. */
function sourceOf(place, flavour) {
  const [base, folder] = place.startsWith("core/") ? [CORE, place.slice("core/".length)] : [SOURCES, place];
  const name = join(base, folder.replace(/\.js$/, ""));
  const endings = flavour === "web" ? [".web.ts", ".web.tsx", ".ts", ".tsx"] : [".ts", ".tsx"];
  const ending = endings.find((each) => existsSync(name + each));
  if (!ending) throw new Error(`${place} has no source`);
  return { path: name + ending, ending: ending.replace(".web", "") };
}

/** Copy what `index` needs, directly or not. */
function gather(target, flavour) {
  const waiting = ["index.js"];
  const gathered = new Set(waiting);
  for (const place of waiting) {
    const { path, ending } = sourceOf(place, flavour);
    const code = fromFiles(readFileSync(path, "utf8"), place);
    const written = join(target, place.replace(/\.js$/, ending));
    mkdirSync(dirname(written), { recursive: true });
    writeFileSync(written, code);
    for (const [, , imported] of code.matchAll(IMPORT)) {
      if (!imported.startsWith(".")) continue;
      const next = relative(target, resolve(target, dirname(place), imported));
      if (!gathered.has(next)) waiting.push(next);
      gathered.add(next);
    }
  }
}

function build(flavour) {
  const root = join(here, "build", flavour);
  gather(join(root, "source"), flavour);
  const targets = ["module", "commonjs"].map((name) => [
    name,
    { esm: true, configFile: true, sourceMaps: false },
  ]);
  const manifest = {
    name: "gathered",
    source: "source/index.ts",
    main: "lib/commonjs/index.js",
    module: "lib/module/index.js",
    types: "lib/typescript/commonjs/index.d.ts",
    "react-native-builder-bob": {
      source: "source",
      output: "lib",
      targets: [...targets, ["typescript", {}]],
    },
  };
  const babel = {
    targets: ENGINES[flavour],
    presets: [
      [ofBob("@babel/preset-env"), { exclude: ["transform-dynamic-import"] }],
      [ofBob("@babel/preset-react"), { runtime: "classic" }],
      [ofBob("@babel/preset-typescript"), { allowDeclareFields: true }],
    ],
  };
  const types = {
    extends: "../../tsconfig.json",
    compilerOptions: {
      declarationMap: false,
      rootDir: "source",
      paths: {},
      ...(flavour === "web" && { lib: ["es2019", "dom", "dom.iterable"] }),
    },
    include: ["source", "../../../connect-core/src/platform.d.ts"],
  };
  writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(root, "babel.config.json"), JSON.stringify(babel));
  writeFileSync(join(root, "tsconfig.json"), JSON.stringify(types));
  execFileSync(process.execPath, [join(BOB, "bin/bob"), "build"], { cwd: root, stdio: "inherit" });
  for (const format of ["module", "commonjs"]) {
    cpSync(join(root, "lib", format), join(here, "dist", flavour, format), { recursive: true });
  }
}

for (const folder of ["build", "dist"]) rmSync(join(here, folder), { recursive: true, force: true });
for (const flavour of ["native", "web"]) build(flavour);
cpSync(join(here, "build/native/lib/typescript"), join(here, "dist/types"), { recursive: true });
