/** The specification's samples, as printed, against the packed package: type-checked, resolved, and bundled for the web. */

import { execFileSync, spawnSync } from "node:child_process";
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
import { dirname, join } from "node:path";

const PACKAGE = join(__dirname, "..");
const ROOT = join(PACKAGE, "../..");
const NAME = "@kryptos_connect/mobile-sdk";

/** SHA-256 of the printed text without its white space. */
const PRINTED = {
  "quick-start.tsx": "93fd9ab628772dbc6863b0ff908049011e96d2896c9633e5de1b95f2e1e52a98",
  "custom-styling.tsx": "f8e17f9ec33610623570231bccbe88c60d6ec8d8e6e19c56b941fb42db901ba4",
  "modal.tsx": "c22d825346c8593b4e033576f8ea4348ed898faa9075f3bf53fa2a535135cd4f",
  "walletconnect.tsx": "22f1ab8bb88be052e3eee2621cad2280346a3225a25f1ef95711fd3a0bb6342a",
} as const;

const sample = (name: keyof typeof PRINTED): string =>
  readFileSync(join(__dirname, "specification", `${name}.txt`), "utf8");

/** The quick start of this package's own README. */
function readmeSample(): string {
  const [, code = ""] = /```tsx\n([\s\S]*?)```/.exec(readFileSync(join(PACKAGE, "README.md"), "utf8")) ?? [];
  return code;
}

/** What the samples take for granted, with the types of the specification's tables. */
const GIVEN = `
declare module "@walletconnect/react-native-compat";
declare module "react-native-get-random-values";
declare const generateLinkToken: () => Promise<string>;
declare const handleSuccess: (userConsent: import("${NAME}").UserConsent) => void;
declare const handleError: () => void;
declare const YourApp: () => import("react").ReactElement;
`;

const OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedSideEffectImports: true,
  skipLibCheck: true,
  noEmit: true,
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  customConditions: ["react-native"],
  lib: ["es2022"],
  jsx: "react-jsx",
  types: ["react-native"],
};

let app: string;
const inApp = (path: string): string => join(app, path);
const installed = (path: string): string => inApp(`node_modules/${NAME}/${path}`);
const check = (project: string): string =>
  spawnSync(process.execPath, [require.resolve("typescript/bin/tsc"), "--project", project], {
    cwd: app,
    encoding: "utf8",
  }).stdout;

/** An app that has installed the package as npm would, and the samples in its files. */
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "kryptos-app-"));
  mkdirSync(installed(""), { recursive: true });
  const words = ["pack", "--ignore-scripts", "--silent", "--pack-destination", app];
  const packed = execFileSync("npm", words, { cwd: PACKAGE, encoding: "utf8" }).trim().split("\n");
  execFileSync("tar", [
    "-xzf",
    inApp(packed[packed.length - 1] ?? ""),
    "--strip-components=1",
    "-C",
    installed(""),
  ]);
  for (const name of [
    "react",
    "react-dom",
    "react-native",
    "react-native-web",
    "react-native-webview",
    "@types/react",
  ]) {
    mkdirSync(dirname(inApp(`node_modules/${name}`)), { recursive: true });
    symlinkSync(join(PACKAGE, "node_modules", name), inApp(`node_modules/${name}`));
  }
  const files = {
    "quick-start.tsx": sample("quick-start.tsx"),
    "custom-styling.tsx": `import { KryptosConnectButton } from "${NAME}";\nexport const sample = (\n${sample("custom-styling.tsx")});\n`,
    "modal.tsx": `${sample("modal.tsx")}export default ConnectScreen;\n`,
    "walletconnect.tsx": sample("walletconnect.tsx"),
    "later-generation.tsx": readFileSync(join(__dirname, "specification/later-generation.tsx"), "utf8"),
    "readme.tsx": `declare function sendToYourBackend(token: string): void;\n${readmeSample()}`,
    "given.d.ts": GIVEN,
    // The quick start's handler has no types: it is printed as JavaScript would be.
    "tsconfig.json": JSON.stringify({
      compilerOptions: { ...OPTIONS, noImplicitAny: false },
      include: ["*.ts", "*.tsx"],
    }),
    "tsconfig.strict.json": JSON.stringify({
      compilerOptions: OPTIONS,
      include: [
        "given.d.ts",
        "readme.tsx",
        "later-generation.tsx",
        "custom-styling.tsx",
        "modal.tsx",
        "walletconnect.tsx",
      ],
    }),
    "index.html": '<div id="root"></div><script type="module" src="/later-generation.tsx"></script>',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(inApp(name), text);
});

afterAll(() => rmSync(app, { recursive: true }));

test.each(Object.entries(PRINTED))("%s is the specification's, word for word", (name, digest) => {
  const text = sample(name as keyof typeof PRINTED);
  expect(createHash("sha256").update(text.replace(/\s/g, "")).digest("hex")).toBe(digest);
});

test("all samples pass the type check; all but the untyped one the strict one", () => {
  expect(check("tsconfig.json")).toBe("");
  expect(check("tsconfig.strict.json")).toBe("");
});

test("a wrong prop does not", () => {
  writeFileSync(
    inApp("later-generation.tsx"),
    `import { KryptosConnectButton } from "${NAME}";
export const wrong = <KryptosConnectButton buttonHeight="huge" onSuccess={(data) => data.public_token} />;\n`,
  );
  const said = check("tsconfig.strict.json");
  expect(said).toMatch(/Type 'string' is not assignable to type 'number'/);
  expect(said).toMatch(/'data' is possibly 'null'/);
});

test("the package brings no dependency, and asks for three", () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(installed("package.json"), "utf8"));
  expect(dependencies).toBeUndefined();
  expect(Object.keys(peerDependencies)).toEqual(["react", "react-native", "react-native-webview"]);
});

const NAMES = ["KryptosConnect", "KryptosConnectButton", "KryptosConnectError"].concat([
  "KryptosConnectModal",
  "KryptosConnectProvider",
  "useKryptosConnect",
]);

test.each([
  ["--conditions=react-native", "import", "native/module"],
  ["--conditions=react-native", "require", "native/commonjs"],
  ["--conditions=browser", "import", "web/module"],
  ["--conditions=browser", "require", "web/commonjs"],
])("%s: %s leads to %s, which exports everything", (condition, way, folder) => {
  const script =
    way === "import"
      ? `console.log(import.meta.resolve("${NAME}"))`
      : `console.log(require.resolve("${NAME}"))`;
  const type = way === "import" ? "module" : "commonjs";
  const found = execFileSync(process.execPath, [condition, `--input-type=${type}`, "-e", script], {
    cwd: app,
    encoding: "utf8",
  });
  expect(found.trim()).toMatch(new RegExp(`/dist/${folder}/index\\.js$`));
  const code = readFileSync(installed(`dist/${folder}/index.js`), "utf8");
  for (const name of NAMES) expect(code).toContain(name);
});

function codeIn(folder: string): string {
  const files = readdirSync(installed(folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(installed(join(folder, name)), "utf8"))
    .join("\n");
}

/** What JavaScriptCore of iOS 12 or React Native itself does not have. */
const TOO_NEW = [
  /\?\?|\?\.[a-z[(]|\|\|=|&&=|#[a-z]\w*\s*[;=(]|\(\?<[=!]|\bstatic\s*{/g,
  /\bnew URL\b|URLSearchParams|crypto\.subtle|TextEncoder|globalThis|fromEntries|replaceAll|\.at\(|\.flat(Map)?\(/g,
];

test.each(["dist/native/module", "dist/native/commonjs"])("%s is read by the oldest engines", (folder) => {
  const code = codeIn(folder).replace(/\/\*[\s\S]*?\*\/|\/\/ .*/g, "");
  for (const each of TOO_NEW) expect(code.match(each)).toBeNull();
});

test("what a browser gets has no WebView, and what a phone gets has no frame", () => {
  expect(codeIn("dist/web/module")).not.toContain("react-native-webview");
  expect(codeIn("dist/web/module")).toContain('"iframe"');
  expect(codeIn("dist/native/module").match(/"iframe"|eip6963|window\.addEventListener/g)).toBeNull();
});

test("Vite bundles it for the web, and leaves wallets out of what loads at first", () => {
  const config = `export default { resolve: { alias: { "react-native": "react-native-web" } } };\n`;
  writeFileSync(inApp("vite.config.mjs"), config);
  writeFileSync(inApp("later-generation.tsx"), `import * as all from "${NAME}";\nconsole.log(all);\n`);
  execFileSync(
    process.execPath,
    [join(ROOT, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "error"],
    {
      cwd: app,
    },
  );
  const built = readdirSync(inApp("dist/assets"));
  const text = (pattern: RegExp): string =>
    readFileSync(inApp(`dist/assets/${built.find((name) => pattern.test(name))}`), "utf8");
  expect(text(/^index-.*\.js$/)).toContain("allow-popups-to-escape-sandbox");
  expect(text(/^index-.*\.js$/)).not.toContain("eip6963");
  expect(text(/^wallets-.*\.js$/)).toContain("eip6963");
});
