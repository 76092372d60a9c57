/** Before the first test: builds the SDK, the widget and the example page, so that none of them is older than its code. */

import { buildAll } from "./repository.js";

const WORKSPACES = [
  "@kryptos_connect/connect-core",
  "@kryptos_connect/web-sdk",
  "@kryptos_connect/widget",
  "example-vite-react",
];

export const setup = (): Promise<void> => buildAll(WORKSPACES);
