/** Bundles the whole built package as an app's bundler would, React left out, to be weighed (`size-limit`). */

import { defineConfig } from "vite";

export default defineConfig({
  logLevel: "error",
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: "build/size",
    target: "es2022",
    minify: true,
    lib: { entry: "dist/index.js", formats: ["es"], fileName: "web-sdk" },
    rolldownOptions: {
      external: ["react", "react-dom"],
      output: { chunkFileNames: "[name].js", minify: true },
    },
  },
});
