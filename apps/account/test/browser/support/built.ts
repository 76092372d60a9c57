/** Before the first test: builds the pages and what the journey needs besides, so that none is older than its code. */

import { buildAll } from "../../../../widget/test/browser/support/repository.js";

const WORKSPACES = [
  "@kryptos_connect/connect-core",
  "@kryptos_connect/web-sdk",
  "@kryptos_connect/widget",
  "@kryptos_connect/account",
  "example-vite-react",
];

export const setup = (): Promise<void> => buildAll(WORKSPACES);
