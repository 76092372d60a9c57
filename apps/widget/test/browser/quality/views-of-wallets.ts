/** The views of wallets: of the person's browser, and of a wallet app by WalletConnect. */

import type { WalletApp } from "../support/wallet-app.js";
import type { Place } from "../support/widget.js";
import { inProduction, inSandbox, manyDetected } from "./situations.js";
import type { View } from "./views.js";

const WALLETCONNECT = { walletConnectProjectId: "a_project" };

async function chooseWalletConnect(widget: Place): Promise<void> {
  await widget.locator("#picker-walletconnect").click();
}

/** A wallet app takes the link, and agrees; gives the pairing's topic. */
async function pair(widget: Place, wallet: WalletApp): Promise<string> {
  await chooseWalletConnect(widget);
  const link = await widget.locator("html[data-link]").getAttribute("data-link");
  const pairing = await wallet.pair(link ?? "");
  await widget.locator(".wallet-account").first().waitFor();
  return pairing;
}

export const OF_WALLETS: readonly View[] = [
  {
    name: "wallets",
    answers: inProduction,
    steps: (widget) => widget.locator("#picker-browser").click(),
    shows: ".list .row",
  },
  {
    name: "wallet-accounts",
    answers: (recorded) => ({ ...inProduction(recorded), "POST detect-chains": manyDetected(recorded) }),
    steps: async (widget) => {
      await widget.locator("#picker-browser").click();
      await widget.locator(".list .row").first().click();
    },
    shows: ".wallet-account",
  },
  {
    name: "wallets-sandbox",
    answers: inSandbox,
    steps: (widget) => widget.locator("#picker-browser").click(),
    shows: ".notice-info",
  },
  {
    name: "picker-walletconnect",
    config: WALLETCONNECT,
    answers: inProduction,
    steps: (widget) => widget.locator("[role=combobox]").fill("walletconnect"),
    shows: "#picker-walletconnect",
  },
  {
    name: "walletconnect",
    config: WALLETCONNECT,
    answers: inProduction,
    steps: chooseWalletConnect,
    shows: ".wc-pair[aria-busy=false]",
  },
  {
    name: "walletconnect-refused",
    config: { walletConnectProjectId: "unknown" },
    answers: inProduction,
    steps: chooseWalletConnect,
    shows: ".notice-error",
  },
  {
    name: "walletconnect-accounts",
    config: WALLETCONNECT,
    answers: (recorded) => ({ ...inProduction(recorded), "POST detect-chains": manyDetected(recorded) }),
    steps: async (widget, wallet) => void (await pair(widget, wallet)),
    shows: ".wallet-account",
  },
  {
    name: "walletconnect-left",
    config: WALLETCONNECT,
    answers: (recorded) => ({ ...inProduction(recorded), "POST detect-chains": manyDetected(recorded) }),
    steps: async (widget, wallet) => wallet.disconnect(await pair(widget, wallet)),
    shows: ".notice-warning",
  },
];
