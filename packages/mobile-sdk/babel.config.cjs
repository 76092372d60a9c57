/** For tests alone: React Native's own files as its bundler reads them, ours as the build does (`build.mjs`). */

module.exports = {
  overrides: [
    { test: /\.jsx?$/, presets: ["@react-native/babel-preset"] },
    {
      test: /\.tsx?$/,
      presets: [
        ["@babel/preset-env", { targets: { node: "20" } }],
        ["@babel/preset-react", { runtime: "classic" }],
        ["@babel/preset-typescript", { allowDeclareFields: true }],
      ],
    },
  ],
};
