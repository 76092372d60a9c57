/** Where the pages' shared sources stand, for whoever builds or tests with them. */

import { fileURLToPath } from "node:url";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The aliases of a page's `vite.config.ts`: shared code is compiled with the page, from its sources. */
export const SHARED_SOURCES = [
  { find: /^@kryptos_connect\/ui\//, replacement: path("../src/") },
  { find: "@kryptos_connect/connect-core", replacement: path("../../../packages/connect-core/src/index.ts") },
];
