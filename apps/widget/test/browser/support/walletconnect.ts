/** `test` with a relay of WalletConnect, a demo that names it and reaches real accounts, and a wallet app beside it. */

import { type BrowserContextOptions, devices } from "playwright-core";

import { Demo } from "./demo.js";
import { Outside } from "./outside.js";
import { PairingWidget } from "./pairing-widget.js";
import { test as base } from "./test.js";
import { WalletApp } from "./wallet-app.js";

/** Nothing listens there: whatever the server asks of the world is refused at once. */
const NOWHERE = "http://127.0.0.1:9";

/** The app's project, and the operator's. */
export const PROJECT_ID = "0123456789abcdef0123456789abcdef";
export const OPERATORS_ID = "fedcba9876543210fedcba9876543210";

export const test = base
  .extend<{ readonly wallet: WalletApp; readonly pairing: PairingWidget; readonly outside: Outside }>({
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what is wanted from this pattern
    outside: async ({}, use) => {
      const outside = await Outside.start();
      await use(outside);
      await outside.stop();
    },
    wallet: async ({ relay }, use) => {
      relay.reset();
      const wallet = await WalletApp.start(relay.url);
      await use(wallet);
      await wallet.stop();
    },
    pairing: async ({ page, widget, host, wallet }, use) => {
      const pairing = new PairingWidget(
        page,
        widget,
        wallet,
        host.url("plain", { walletConnectProjectId: PROJECT_ID }),
      );
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await use(pairing);
    },
  })
  .override("device", async ({ outside }) => ({ proxy: outside.proxy }))
  .override("demo", { scope: "file" }, async ({ relay }, { onCleanup }) => {
    const demo = await Demo.start({
      HTTP_PROXY: NOWHERE,
      HTTPS_PROXY: NOWHERE,
      ALL_PROXY: NOWHERE,
      NO_PROXY: "127.0.0.1,localhost",
      KRYPTOS_WALLETCONNECT_RELAY_URL: relay.url,
      KRYPTOS_WALLETCONNECT_PROJECT_ID: OPERATORS_ID,
    });
    onCleanup(() => demo.stop());
    await demo.moveToProduction();
    return demo;
  });

/** The same on a phone. */
export const onPhone = test.extend<{ readonly device: BrowserContextOptions }>({
  device: async ({ outside }, use) => use({ ...devices["Pixel 7"], proxy: outside.proxy }),
});
