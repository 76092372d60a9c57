/** What you set for your devices. */

/** The app's own backend, such as `examples/flask`; on a phone `localhost` is the phone: see README.md. */
export const BACKEND_URL = "http://localhost:4500";
