/** What is told to the app when it is built; Expo puts the values of `EXPO_PUBLIC_…` in their places. */

/** The app's own backend, such as `examples/flask`. The Connect server and the client's id are asked of it. */
export const BACKEND_URL = (process.env.EXPO_PUBLIC_BACKEND_URL ?? "http://localhost:4500").replace(
  /\/+$/,
  "",
);

/** Where the system's browser leads back to: the `scheme` of app.json, registered as a redirect URI of the client. */
export const RETURN_URL = process.env.EXPO_PUBLIC_RETURN_URL ?? "kryptosexample://connected";
