/** The bridge to a browser's wallets, in a file of its own: it is loaded when the widget first asks for a wallet. */

export { openWallets } from "@kryptos_connect/connect-core";
