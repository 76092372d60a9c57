/** The workspace's root, so that Next.js does not guess it. */

import { fileURLToPath } from "node:url";

import type { NextConfig } from "next";

const config: NextConfig = { turbopack: { root: fileURLToPath(new URL("../..", import.meta.url)) } };

export default config;
