/** Makes the development server behave like the real one: fills in the page and passes the API on to a demo. */

import type { Plugin } from "vite";

/** `apiPaths`: what the page calls of a demo. */
export function servedLikeTheServer(apiPaths: readonly string[]): Plugin {
  const target = process.env["KRYPTOS_URL"] ?? "http://127.0.0.1:4400";
  return {
    name: "served-like-the-server",
    apply: "serve",
    config: () => ({
      server: { proxy: Object.fromEntries(apiPaths.map((path) => [path, { target }])) },
    }),
    transformIndexHtml: (html) => html.replace("__KC_LANG__", "en").replace("__KC_THEME__", "auto"),
  };
}
