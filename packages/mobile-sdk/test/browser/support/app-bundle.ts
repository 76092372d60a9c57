/** The fixture's app, bundled as a phone's app is: with the packed SDK's files for phones. */

import { fileURLToPath } from "node:url";

import { build, type Plugin, type Rollup } from "vite";

import { EXPO } from "./places.js";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));
const STAND_INS: Readonly<Record<string, string>> = {
  "react-native": `${FIXTURES}/react-native.tsx`,
  "react-native-webview": `${FIXTURES}/webview.tsx`,
};

/** Packages are those of the Expo example: there the packed SDK is, beside the React that it finds in apps. */
const fromExample: Plugin = {
  name: "from-example",
  enforce: "pre",
  resolveId(source, importer) {
    if (!importer || /^[./]|^\0|^virtual:/.test(source)) return null;
    return STAND_INS[source] ?? this.resolve(source, `${EXPO}/index.ts`, { skipSelf: true });
  },
};

/** Give the page with the whole app in it. */
export async function bundleApp(): Promise<string> {
  const built = (await build({
    root: FIXTURES,
    configFile: false,
    logLevel: "error",
    mode: "development", // StrictMode mounts twice in development alone
    define: { "process.env.NODE_ENV": '"development"', __DEV__: "true", global: "globalThis" },
    plugins: [fromExample],
    resolve: { conditions: ["react-native", "module", "browser", "development"] },
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: `${FIXTURES}/app.tsx`, output: { codeSplitting: false } },
    },
  })) as Rollup.RollupOutput;
  const code = built.output[0].code.replaceAll("</script", "<\\/script");
  return `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>App</title><style>html,body,#root{height:100%;margin:0}#root{display:flex}</style></head>
<body><div id="root"></div><script type="module">${code}</script></body></html>`;
}
