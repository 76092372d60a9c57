/** A wallet app by WalletConnect: paired over a relay of this machine, its signatures checked by the real server. */

import type { Page, Worker } from "playwright-core";
import { describe, expect } from "vitest";

import { onlyCall } from "./support/calls.js";
import { EvmWallet } from "./support/mock-wallets.js";
import { NativeApp } from "./support/native-app.js";
import { OPERATORS_ID, onPhone, PROJECT_ID, test } from "./support/walletconnect.js";

/** What the pages asked of anybody, told the record, and wrote to the console. */
function watch(page: Page) {
  const origins = new Set<string>();
  const workers: Worker[] = [];
  const told: string[] = [];
  const written: string[] = [];
  page.on("request", (request) => {
    origins.add(new URL(request.url()).origin);
    if (request.url().endsWith("/link-token/events")) told.push(request.postData() ?? "");
  });
  page.on("worker", (worker) => workers.push(worker));
  page.on("console", (message) => written.push(message.text()));
  page.on("pageerror", (error) => written.push(error.message));
  return { origins, workers, told, written };
}

/** Chromium's own wishes, such as to know what the fields of a page are for: they lead to its maker. */
const OF_THE_BROWSER = /(^|\.)(google|googleapis|gstatic|gvt1)\.com:\d+$/;
/** Lines of the host page's own that any opening writes. */
const OF_THE_HOST = /React DevTools|is now called/;

describe("a wallet app", () => {
  test("is paired, signs, is believed, and let go", async ({
    host,
    outside,
    page,
    pairing,
    relay,
    wallet,
    demo,
  }) => {
    const seen = watch(page);
    await pairing.pair();
    const { status, body } = await pairing.prove();
    expect([status, body["data"]]).toEqual([
      200,
      expect.objectContaining({ is_ownership_proven: true, address: wallet.evm.account.address }),
    ]);
    await pairing.widget.done();
    expect((await onlyCall(page)).name).toBe("success");
    expect(wallet.asked).toEqual([{ method: "personal_sign", chainId: "eip155:1" }]);
    await expect.poll(() => wallet.sessions).toBe(0);

    const own = new URL(demo.baseUrl).origin;
    expect(relay.visitors.filter(({ origin }) => origin)).toEqual([{ projectId: PROJECT_ID, origin: own }]);
    expect([...seen.origins].sort()).toEqual([host.origin, own].sort());
    expect(outside.wanted.filter((host) => !OF_THE_BROWSER.test(host))).toEqual([]);
    expect(seen.workers).toHaveLength(1);
    expect(seen.told.join()).toContain("browser-wallets");
    expect(seen.told.join()).not.toMatch(/wc:|symKey|0x[0-9a-f]{40}|Evil/i);
    expect(seen.written.filter((each) => !OF_THE_HOST.test(each))).toEqual([]);
  });

  test("is asked for addresses and the signing of texts, by our page", async ({ pairing, wallet, demo }) => {
    await pairing.pair();
    const methods = Object.values(wallet.proposed as Record<string, { methods: string[] }>);
    expect(methods.flatMap((each) => each.methods)).toEqual(["personal_sign", "solana_signMessage"]);
    expect(wallet.asker).toMatchObject({ url: new URL(demo.baseUrl).origin });
    await pairing.pressing(/^connect$/i);
    expect(wallet.asked).toEqual([]);
  });

  test("of Solana signs as well", async ({ pairing, wallet }) => {
    wallet.families = ["solana"];
    await pairing.pair();
    const { status, body } = await pairing.prove();
    expect([status, body["data"]]).toEqual([
      200,
      expect.objectContaining({ is_ownership_proven: true, address: wallet.solana.address }),
    ]);
    expect(wallet.asked.map(({ method }) => method)).toEqual(["solana_signMessage"]);
  });

  test("of both families gives both addresses", async ({ pairing, wallet }) => {
    wallet.families = ["eip155", "solana"];
    await pairing.pair();
    await pairing.widget.press(pairing.frame.getByRole("checkbox").nth(1));
    await pairing.askForProof();
    await pairing.widget.press(pairing.widget.button("Sign and connect 2 accounts"));
    await pairing.widget.button("Done").waitFor();
    expect(wallet.asked.map(({ method }) => method)).toEqual(["personal_sign", "solana_signMessage"]);
  });

  test("that signs with another key is refused by the server", async ({ pairing, wallet }) => {
    const thief = new EvmWallet();
    wallet.evm.sign = thief.sign;
    await pairing.pair();
    const { status, body } = await pairing.prove();
    expect([status, body["code"] ?? body["error_code"]]).toEqual([400, "PROOF_INVALID"]);
    await pairing.says(/Another account signed/);
  });
});

describe("a person who says no", () => {
  test("to the pairing is told so, and pairs by a new code", async ({ pairing, wallet }) => {
    wallet.declinesPairing = true;
    await pairing.choose();
    await pairing.scan();
    await pairing.says("Declined in WalletConnect");
    wallet.declinesPairing = false;
    await pairing.widget.press(pairing.widget.button("New code"));
    await pairing.scan();
    await pairing.showsAddresses();
  });

  test("to the signature may sign after all", async ({ pairing, wallet }) => {
    wallet.declinesSigning = true;
    await pairing.pair();
    await pairing.askForProof();
    await pairing.widget.press(pairing.widget.button("Sign and connect"));
    await pairing.says("You did not sign");
    wallet.declinesSigning = false;
    const { body } = await pairing.pressing("Sign and connect");
    expect(body["data"]).toMatchObject({ is_ownership_proven: true });
  });
});

describe("the session", () => {
  test("is ended by the person's word", async ({ pairing, wallet }) => {
    await pairing.pair();
    expect(wallet.sessions).toBe(1);
    await pairing.widget.press(pairing.widget.button("Disconnect the wallet"));
    await pairing.row.waitFor();
    await expect.poll(() => wallet.sessions).toBe(0);
  });

  test("is ended by leaving the widget", async ({ page, pairing, wallet }) => {
    await pairing.pair();
    await pairing.widget.press(pairing.widget.button("Close"));
    await pairing.widget.isGone();
    expect((await onlyCall(page)).name).toBe("error");
    await expect.poll(() => wallet.sessions).toBe(0);
  });

  test("that the wallet ends is mourned in words; what was chosen can be connected", async ({
    pairing,
    wallet,
  }) => {
    await pairing.pair();
    await wallet.disconnect();
    await pairing.says("Your wallet ended the connection");
    expect(await pairing.frame.getByRole("checkbox", { name: /prove/i }).count()).toBe(0);
    const { body } = await pairing.pressing(/^connect$/i);
    expect(body["data"]).toMatchObject({ is_ownership_proven: false });
  });

  test("that the wallet ends while it is to sign can be begun anew", async ({ pairing, wallet }) => {
    wallet.answersSigning = false;
    await pairing.pair();
    await pairing.askForProof();
    await pairing.widget.press(pairing.widget.button("Sign and connect"));
    await pairing.says("Your wallet shows a text to sign");
    await expect.poll(() => wallet.asked.length).toBe(1);
    await wallet.disconnect();
    await pairing.says("Your wallet ended the connection");
    wallet.answersSigning = true;
    await pairing.widget.press(pairing.widget.button("New code").first());
    await pairing.scan();
    await pairing.showsAddresses();
    const { body } = await pairing.prove();
    expect(body["data"]).toMatchObject({ is_ownership_proven: true });
  });
});

describe("the line", () => {
  test("that is down is told of, and dialled anew when the person wants it", async ({
    page,
    pairing,
    relay,
  }) => {
    const seen = watch(page);
    await pairing.toPicker();
    await relay.stop();
    await pairing.widget.press(pairing.row);
    await pairing.says("WalletConnect cannot be reached");
    expect(await pairing.frame.getByText("Problem").count()).toBe(0);
    await relay.comeBack();
    await pairing.widget.press(pairing.widget.button("New code"));
    await pairing.scan();
    await pairing.showsAddresses();
    expect(seen.written.filter((each) => /Uncaught/.test(each))).toEqual([]);
  });

  test("is refused to a project that the relay does not know", async ({ pairing, relay }) => {
    await pairing.toPicker();
    relay.refuses = true;
    await pairing.widget.press(pairing.row);
    await pairing.says("WalletConnect turned this app away");
    expect(await pairing.widget.button("New code").count()).toBe(0);
    relay.refuses = false;
    await pairing.widget.press(pairing.widget.button("Type an address instead"));
    await pairing.widget.press(pairing.row);
    await pairing.scan();
    await pairing.showsAddresses();
  });

  test("outlives a cut while the wallet is open", async ({ pairing, relay }) => {
    await pairing.choose();
    const link = await pairing.link();
    await relay.stop();
    await relay.comeBack();
    await pairing.wallet.pair(link);
    await pairing.showsAddresses();
  });

  test("holds a code for five minutes, and then another", async ({ page, pairing }) => {
    await page.clock.install();
    await pairing.choose();
    const first = await pairing.link();
    await page.clock.fastForward("05:00");
    await pairing.says("The code has run out");
    await pairing.widget.press(pairing.widget.button("New code"));
    const second = await pairing.link();
    expect(second).not.toBe(first);
    await pairing.wallet.pair(second);
    await pairing.showsAddresses();
  });
});

describe("WalletConnect", () => {
  test("is not there without the app's project", async ({ host, pairing, relay, widget, page }) => {
    await page.goto(host.url("plain"));
    await widget.open();
    await widget.asGuest();
    await widget.consent();
    await pairing.frame
      .getByRole("option", { name: /Ethereum/ })
      .first()
      .waitFor();
    expect(await pairing.row.count()).toBe(0);
    expect(relay.visitors).toEqual([]);
  });

  test("is neither loaded nor dialled before it is chosen", async ({ page, pairing, relay }) => {
    const loaded: string[] = [];
    page.on("request", (request) => loaded.push(request.url()));
    await pairing.toPicker();
    await pairing.row.waitFor();
    await page.waitForLoadState("networkidle");
    expect(loaded.some((url) => /\/Picker-/.test(url))).toBe(true);
    expect(loaded.filter((url) => /WalletConnect-|worker-/.test(url))).toEqual([]);
    expect(relay.visitors).toEqual([]);
    await pairing.widget.press(pairing.row);
    await pairing.link();
    expect(loaded.filter((url) => /WalletConnect-|worker-/.test(url)).length).toBeGreaterThanOrEqual(2);
  });

  test("is found by its name", async ({ pairing }) => {
    await pairing.toPicker();
    await pairing.frame.getByRole("combobox").fill("wallet conn");
    await pairing.widget.press(pairing.row);
    await pairing.link();
  });

  test("of a hosted page is the operator's", async ({ demo, page, relay, wallet }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const created = await demo.call("/link-token", { redirect_uri: `${demo.appUrl}/callback` });
    await page.goto(String(created["hosted_url"]));
    await page.getByRole("button", { name: /guest/i }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("option", { name: /wallet app on your phone/i }).click();
    await page.getByRole("button", { name: "Copy the link" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    await wallet.pair(await page.evaluate(() => navigator.clipboard.readText()));
    await page.getByRole("heading", { name: "Choose what to connect" }).waitFor();
    expect(relay.visitors.find(({ origin }) => origin)?.projectId).toBe(OPERATORS_ID);
    await page.getByRole("checkbox", { name: /prove/i }).click();
    await page.getByRole("button", { name: "Sign and connect" }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await page.waitForURL(`${demo.appUrl}/callback?**`);
    await expect.poll(() => wallet.sessions).toBe(0);
  });
});

/** The link that a list of apps holds. */
async function linkOf(list: { getByRole: Page["getByRole"] }): Promise<string> {
  const link = list.getByRole("link", { name: "Another wallet app" });
  await link.waitFor();
  return (await link.getAttribute("href")) ?? "";
}

describe("on a phone", () => {
  onPhone(
    "wallet apps are opened by their links, for pairing and for signing",
    async ({ page, pairing, wallet }) => {
      await page.context().route("https://**", (route) => route.fulfill({ body: "an app" }));
      await pairing.choose();
      const uri = await linkOf(pairing.frame);
      expect(uri).toMatch(/^wc:[0-9a-f]{64}@2\?/);
      const links = pairing.frame.locator("a[target=_blank][rel='noopener noreferrer']");
      expect(await links.evaluateAll((all) => all.map((each) => each.getAttribute("href")))).toEqual(
        [
          "https://metamask.app.link/wc?uri=",
          "https://link.trustwallet.com/wc?uri=",
          "https://rnbwapp.com/wc?uri=",
          "ledgerlive://wc?uri=",
        ]
          .map((start) => start + encodeURIComponent(uri))
          .concat(uri),
      );
      const opened = page.context().waitForEvent("page");
      await pairing.widget.press(pairing.frame.getByRole("link", { name: "MetaMask" }));
      await (await opened).close();
      await wallet.pair(uri);
      await pairing.frame.getByRole("heading", { name: "Connect MetaMask" }).waitFor();
      wallet.answersSigning = false;
      await pairing.askForProof();
      await pairing.widget.press(pairing.widget.button("Sign and connect"));
      await pairing.says("Your wallet shows a text to sign");
      const again = pairing.frame.getByRole("link", { name: "Open MetaMask" });
      expect(await again.getAttribute("href")).toBe("https://metamask.app.link/wc");
    },
  );

  onPhone("the code is there for a wallet on another device", async ({ pairing }) => {
    await pairing.choose();
    await pairing.widget.press(pairing.frame.getByText("The wallet is on another device"));
    await pairing.scan();
    await pairing.showsAddresses();
  });
});

describe("in a native app", () => {
  onPhone("the app is asked to open links, and says whether it could", async ({ demo, page, wallet }) => {
    const asked: string[] = [];
    let opens = false;
    await NativeApp.open(page, demo, demo.facts.client_id, {
      config: { walletConnectProjectId: PROJECT_ID },
      ask: async (method, params) => {
        asked.push(`${method} ${(params as { readonly url: string }).url}`);
        return { opened: opens };
      },
    });
    await page.getByRole("button", { name: /guest/i }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.getByRole("option", { name: /wallet app on your phone/i }).click();
    await page.getByRole("button", { name: "Rainbow" }).click();
    await page.getByText("No app opened").waitFor();
    expect(asked[0]).toMatch(/^link\.open https:\/\/rnbwapp\.com\/wc\?uri=wc%3A/);
    opens = true;
    await page.getByRole("button", { name: "Another wallet app" }).click();
    await page.getByText("No app opened").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Rainbow" }).click();
    await expect.poll(() => asked.length).toBe(3);
    await wallet.pair(String(asked[1]).replace("link.open ", ""));
    await page.getByRole("heading", { name: "Connect Rainbow" }).waitFor();
    await page.getByRole("checkbox", { name: /prove/i }).click();
    const answered = page.waitForResponse((reply) => /\/link-token\/integrations$/.test(reply.url()));
    await page.getByRole("button", { name: "Sign and connect" }).click();
    expect((await (await answered).json()).data).toMatchObject({ is_ownership_proven: true });
  });
});
