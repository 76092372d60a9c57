/** The wallets of the browser in which the widget is a page of its own. */

import { openWallets } from "@kryptos_connect/connect-core";

export const { answer } = openWallets(window);
