/** The stylesheet's text for `src/sheet.ts`, for builds and tests alike. */

import { readFileSync } from "node:fs";

const css = readFileSync(new URL("src/styles/index.css", import.meta.url), "utf8");

/** What a bundler replaces: `STYLESHEET` by the text, without comments and line breaks. */
export const define = {
  STYLESHEET: JSON.stringify(css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s+/g, " ")),
};
