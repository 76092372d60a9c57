/** Builds the page into `dist`, which the Flask and Express examples serve; `vite dev` asks one of them for `/api`. */

import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    rolldownOptions: {
      // The SDK's files say "use client" for frameworks that render on a server; here all is the client.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:4500" } },
});
