/** Tests of the sources: on a phone as React Native's preset plays it, and in a browser's document for `.web` files. */

const core = { "^@kryptos_connect/connect-core$": "<rootDir>/../connect-core/src/index.ts" };
/** Sources name each other as the build does, by `.js`. */
const sources = { "^(\\.{1,2}/.*)\\.js$": "$1" };

const made = ["<rootDir>/build", "<rootDir>/dist"];

module.exports = {
  testTimeout: 60_000, // the first test of a cold start compiles all of React Native
  projects: [
    {
      displayName: "phone",
      modulePathIgnorePatterns: made,
      preset: "@react-native/jest-preset",
      testMatch: ["<rootDir>/test/*.test.{ts,tsx}"],
      testPathIgnorePatterns: ["\\.web\\.test\\."],
      moduleNameMapper: {
        ...core,
        ...sources,
        "^react-native-webview$": "<rootDir>/test/support/webview.tsx",
      },
    },
    {
      displayName: "browser",
      modulePathIgnorePatterns: made,
      testEnvironment: "jsdom",
      testMatch: ["<rootDir>/test/*.web.test.tsx"],
      moduleFileExtensions: ["web.tsx", "web.ts", "tsx", "ts", "js", "json"],
      moduleNameMapper: { ...core, ...sources, "^react-native$": "react-native-web" },
    },
  ],
};
