/** Pictures that Metro puts into the app. */

declare module "*.png" {
  const source: import("react-native").ImageRequireSource;
  export default source;
}
