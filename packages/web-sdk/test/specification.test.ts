// @vitest-environment node
/** The specification's samples, as printed, against the packed package: type-checked strictly, and bundled by Vite. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const PACKAGE = new URL("..", import.meta.url).pathname;
const ROOT = new URL("../../..", import.meta.url).pathname;
const SAMPLES = new URL("./specification/", import.meta.url).pathname;

/** SHA-256 of the printed text without its white space. */
const PRINTED = {
  "quick-start.tsx": "76a3ee9ecdae7ec20fde497205342bf506e4f93f452fa04c5f5b15c3c889678a",
  "types.ts": "70d4f310ff1f135260ca48656761142eacb536bf3e553014fb52a9e8ab4ab2e5",
  "variables.css": "7a4883854634683f257721d072f697b883ab9b81abef940670cbcc3e9748fe2b",
  "custom-button.tsx": "06100d3b5d2071e0d878adb103dcca6bda4b2ae742fe2d330f602fc79298d67a",
  "layout.tsx": "41d7d08e1ccb27e6b7b993e1f4347ac5b608fa3e43b101d50d4cc3f5c1b52057",
  "main.tsx": "4ab6793293c53d795470263c9943893c795ce9aebb5724f5faaa493988c1773d",
} as const;

const sample = (name: keyof typeof PRINTED): string => readFileSync(join(SAMPLES, `${name}.txt`), "utf8");

/** The quick start of this package's own README. */
function readmeSample(): string {
  const [, code = ""] = /```tsx\n([\s\S]*?)```/.exec(readFileSync(join(PACKAGE, "README.md"), "utf8")) ?? [];
  return code;
}

let app: string;
const inApp = (path: string): string => join(app, path);
const run = (tool: string, ...words: string[]): string =>
  execFileSync(process.execPath, [join(ROOT, "node_modules", tool), ...words], {
    cwd: app,
    encoding: "utf8",
  });

/** An app that has installed the package as npm would, and the samples in its files. */
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "kryptos-app-"));
  const scope = inApp("node_modules/@kryptos_connect/web-sdk");
  mkdirSync(scope, { recursive: true });
  mkdirSync(inApp("node_modules/@types"));
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", app], {
    cwd: PACKAGE,
    encoding: "utf8",
  });
  execFileSync("tar", [
    "-xzf",
    inApp(packed.trim().split("\n").at(-1) ?? ""),
    "--strip-components=1",
    "-C",
    scope,
  ]);
  for (const name of [
    "react",
    "react-dom",
    "csstype",
    "vite",
    "@types/react",
    "@types/react-dom",
    "@types/node",
  ]) {
    symlinkSync(join(ROOT, "node_modules", name), inApp(`node_modules/${name}`));
  }

  const [imports, printedInterface] = sample("types.ts").split(/(?=interface )/);
  const files = {
    "App.tsx": `${sample("quick-start.tsx")}export default App;\n`,
    "main.tsx": `${sample("main.tsx")}import "./variables.css";\n`,
    "layout.tsx": sample("layout.tsx"),
    "custom-button.tsx": `import { KryptosConnectButton } from "@kryptos_connect/web-sdk";\nexport const sample = (\n${sample("custom-button.tsx")});\n`,
    "types.ts": `${imports}export type All = [KryptosConnectButtonProps, KryptosConnectProviderProps, UserConsent];\n`,
    // The sample imports a name and declares it too; here the two are shown to be the same.
    "user-consent.ts": `import type { All } from "./types";\n${printedInterface}
export const one = (given: UserConsent): All[2] => given;\nexport const other = (given: All[2]): UserConsent => given;\n`,
    "later-generation.tsx": readFileSync(join(SAMPLES, "later-generation.tsx"), "utf8"),
    "readme.tsx": `declare function sendToYourBackend(token: string): void;\n${readmeSample()}`,
    "variables.css": sample("variables.css"),
    "index.html": '<div id="root"></div><script type="module" src="/main.tsx"></script>',
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedSideEffectImports: true,
        noEmit: true,
        target: "es2022",
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["es2022", "dom", "dom.iterable"],
        jsx: "react-jsx",
        types: ["node", "vite/client"],
      },
      include: ["*.ts", "*.tsx"],
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(inApp(name), text);
}, 60_000);

afterAll(() => rmSync(app, { recursive: true }));

test.each(Object.entries(PRINTED))("%s is the specification's, word for word", (name, digest) => {
  const text = sample(name as keyof typeof PRINTED);
  expect(createHash("sha256").update(text.replace(/\s/g, "")).digest("hex")).toBe(digest);
});

test("the package brings no dependency, and its files keep `use client`", () => {
  const installed = inApp("node_modules/@kryptos_connect/web-sdk");
  expect(JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).dependencies).toBeUndefined();
  for (const file of ["button", "provider", "use-kryptos-connect"]) {
    for (const ending of ["js", "cjs"]) {
      expect(readFileSync(join(installed, "dist", `${file}.${ending}`), "utf8")).toMatch(/^"use client";/);
    }
  }
  for (const file of ["index.js", "settings.js"]) {
    expect(readFileSync(join(installed, "dist", file), "utf8")).not.toContain("use client");
  }
});

test("all samples pass the strict type check", { timeout: 120_000 }, () => {
  expect(run("typescript/bin/tsc", "--project", "tsconfig.json")).toBe("");
});

test("a wrong prop does not", { timeout: 120_000 }, () => {
  writeFileSync(
    inApp("wrong.tsx"),
    `import { KryptosConnectButton } from "@kryptos_connect/web-sdk";
export const wrong = <KryptosConnectButton size="huge" onSuccess={(data) => data.public_token} />;\n`,
  );
  let said = "";
  try {
    run("typescript/bin/tsc", "--project", "tsconfig.json");
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  } finally {
    rmSync(inApp("wrong.tsx"));
  }
  expect(said).toMatch(/wrong\.tsx.*'"huge"'/);
  expect(said).toMatch(/wrong\.tsx.*'data' is possibly 'null'/);
});

test("Vite bundles the app, and leaves wallets out of what loads at first", { timeout: 120_000 }, () => {
  run("vite/bin/vite.js", "build", "--logLevel", "error");
  const built = readdirSync(inApp("dist/assets"));
  const text = (pattern: RegExp): string =>
    readFileSync(inApp(`dist/assets/${built.find((name) => pattern.test(name))}`), "utf8");
  expect(text(/^index-.*\.css$/)).toContain(".kc-button");
  expect(text(/^index-.*\.js$/)).not.toContain("eip6963");
  expect(text(/^wallets-.*\.js$/)).toContain("eip6963");
});

test("Node imports it both ways, without a page", () => {
  const names =
    "KryptosConnect,KryptosConnectButton,KryptosConnectError,KryptosConnectProvider,useKryptosConnect";
  const esm = 'import("@kryptos_connect/web-sdk").then((all) => console.log(Object.keys(all).sort().join()))';
  const cjs = 'console.log(Object.keys(require("@kryptos_connect/web-sdk")).sort().join())';
  for (const script of [esm, cjs]) {
    const printed = execFileSync(process.execPath, ["-e", script], { cwd: app, encoding: "utf8" });
    expect(printed.trim()).toBe(names);
  }
});
