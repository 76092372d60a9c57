/** What a host app and the widget share: the protocol, the session's state machine, the bridge to a browser's wallets. */

export * from "./base-url.js";
export * from "./error.js";
export * from "./link-token.js";
export * from "./protocol.js";
export * from "./session.js";
export * from "./sign-in-message.js";
export * from "./theme.js";
export * from "./wallet.js";
export * from "./wallets.js";
