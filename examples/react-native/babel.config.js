/** React Native's own preset, and nothing else. */

module.exports = { presets: ["module:@react-native/babel-preset"] };
