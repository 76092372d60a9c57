/** Lets the page wait for its script before it is drawn, where a browser can: no flash of a theme nobody chose. */

import type { Plugin } from "vite";

export function blocksRendering(): Plugin {
  return {
    name: "blocks-rendering",
    transformIndexHtml: {
      order: "post",
      handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
    },
  };
}
