/** The first load is what the page itself names: its scripts with what they import, and its style sheets. */

import { readFileSync } from "node:fs";

const FOLDER = "../../backend/src/kryptos/surfaces/widget_page/assets";
const page = readFileSync(new URL(`${FOLDER}/index.html`, import.meta.url), "utf8");
const named = (kind) =>
  [...page.matchAll(/(?:src|href)="\/connect\/assets\/([^"]+)"/g)]
    .map((match) => `${FOLDER}/${match[1]}`)
    .filter((path) => path.endsWith(kind));

// biome-ignore lint/style/noDefaultExport: size-limit reads it so
export default [
  { name: "first load, scripts", path: named(".js"), limit: "28 kB", gzip: true },
  { name: "first load, styles", path: named(".css"), limit: "8 kB", gzip: true },
  {
    name: "WalletConnect's screen, once it is chosen",
    path: `${FOLDER}/WalletConnect-*.js`,
    limit: "9 kB",
    gzip: true,
  },
  {
    name: "WalletConnect's worker, once it is chosen",
    path: `${FOLDER}/worker-*.js`,
    limit: "128 kB",
    gzip: true,
  },
];
