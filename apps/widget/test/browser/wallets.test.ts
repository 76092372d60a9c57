/** Wallets of the person's browser: found, asked, and their signatures checked by the server; offline otherwise. */

import type { Page, Request } from "playwright-core";
import { describe, expect } from "vitest";

import { onlyCall } from "./support/calls.js";
import { Demo } from "./support/demo.js";
import {
  EVM_WALLET,
  EvmWallet,
  installEvmWallet,
  installSolanaWallet,
  SOLANA_WALLET,
  SolanaWallet,
} from "./support/mock-wallets.js";
import { test as base } from "./support/test.js";
import type { Widget } from "./support/widget.js";

/** Nothing listens there: whatever the server asks of the world is refused at once. */
const NOWHERE = "http://127.0.0.1:9";
const CONNECTIONS = /\/link-token\/integrations$/;

/** A demo whose client reaches real accounts, on a machine without a network. */
const test = base.override(
  "demo",
  { scope: "file" },
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads what is wanted from this pattern
  async ({}, { onCleanup }) => {
    const demo = await Demo.start({
      HTTP_PROXY: NOWHERE,
      HTTPS_PROXY: NOWHERE,
      ALL_PROXY: NOWHERE,
      NO_PROXY: "127.0.0.1,localhost",
    });
    onCleanup(() => demo.stop());
    await demo.moveToProduction();
    return demo;
  },
);

interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly isProven: boolean | null;
}

/** What the server has answered to each connection that the widget asked for. */
function answersOf(page: Page): readonly Promise<Answer>[] {
  const answers: Promise<Answer>[] = [];
  page.on("response", (response) => {
    const request = response.request();
    if (request.method() !== "POST" || !CONNECTIONS.test(new URL(request.url()).pathname)) return;
    answers.push(
      response.json().then(({ data, code, error_code }) => ({
        status: response.status(),
        code: code ?? error_code ?? null,
        isProven: data?.is_ownership_proven ?? null,
      })),
    );
  });
  return answers;
}

/** Ask the server, as the widget does, which accounts this session has connected. */
async function connectedAddresses(demo: Demo, request: Request): Promise<readonly string[]> {
  const { "x-link-token": linkToken = "" } = await request.allHeaders();
  const reply = await fetch(`${demo.baseUrl}/link-token/integrations`, {
    headers: { "X-Link-Token": linkToken },
  });
  expect(reply.status).toBe(200);
  const { data } = (await reply.json()) as { data: { integrations: readonly { address: string }[] } };
  return data.integrations.map(({ address }) => address);
}

async function openWallet(widget: Widget, name: string): Promise<void> {
  await widget.asGuest();
  await widget.consent();
  await widget.press(widget.frame.getByRole("option", { name: /wallets in this browser/i }));
  await widget.press(widget.button(new RegExp(name)));
}

async function proveAndConnect(widget: Widget): Promise<void> {
  await widget.press(widget.frame.getByRole("checkbox", { name: /prove that it is yours/i }));
  await widget.press(widget.button("Sign and connect"));
}

describe("a wallet found by EIP-6963", () => {
  test("signs, is believed, and the status says honestly that nothing could be read", async ({
    host,
    page,
    widget,
  }) => {
    const wallet = new EvmWallet();
    await installEvmWallet(page, wallet);
    const answers = answersOf(page);
    await page.goto(host.url("plain"));
    await widget.open();
    await openWallet(widget, EVM_WALLET);
    await widget.frame.getByText(/Nobody could look where it was used/).waitFor();
    await proveAndConnect(widget);
    await widget.frame
      .getByText(/did not answer/)
      .first()
      .waitFor();
    expect(await widget.frame.getByText(/Your account is connected/).count()).toBe(0);
    expect(await Promise.all(answers)).toEqual([{ status: 200, code: null, isProven: true }]);
    expect(new Set(wallet.asked)).toEqual(
      new Set(["eth_requestAccounts", "eth_chainId", "eth_accounts", "personal_sign"]),
    );
    await widget.done();
    expect((await onlyCall(page)).name).toBe("success");
  });

  test("without a proof nothing is signed, and nothing is called proven", async ({ host, page, widget }) => {
    const wallet = new EvmWallet();
    await installEvmWallet(page, wallet);
    const answers = answersOf(page);
    await page.goto(host.url("plain"));
    await widget.open();
    await openWallet(widget, EVM_WALLET);
    await widget.press(widget.button(/^connect/i));
    await widget.button("Done").waitFor();
    expect(await Promise.all(answers)).toEqual([{ status: 200, code: null, isProven: false }]);
    expect(wallet.asked).not.toContain("personal_sign");
  });

  const thief = new EvmWallet().account;
  const LIES: Readonly<Record<string, (wallet: EvmWallet) => void>> = {
    "another key than the address's": (wallet) => {
      wallet.sign = (text) => thief.signMessage({ message: text });
    },
    "another text than the one asked for": (wallet) => {
      wallet.sign = (text) => wallet.account.signMessage({ message: text.replace(/Nonce: ./, "Nonce: x") });
    },
    "for an address that it does not hold": (wallet) => {
      wallet.addresses = [thief.address];
    },
  };
  for (const [lie, teach] of Object.entries(LIES)) {
    test(`that signs ${lie} is refused in words`, async ({ demo, host, page, widget }) => {
      const wallet = new EvmWallet();
      teach(wallet);
      await installEvmWallet(page, wallet);
      const answers = answersOf(page);
      await page.goto(host.url("plain"));
      await widget.open();
      await openWallet(widget, EVM_WALLET);
      const asked = page.waitForRequest(
        (request) => CONNECTIONS.test(request.url()) && request.method() === "POST",
      );
      await proveAndConnect(widget);
      await widget.frame.getByText(/Another account signed/).waitFor();
      expect(await Promise.all(answers)).toEqual([{ status: 400, code: "PROOF_INVALID", isProven: null }]);
      expect(await connectedAddresses(demo, await asked)).toEqual([]);
    });
  }

  test("whose person declines is not connected, and may go on without proof", async ({
    host,
    page,
    widget,
  }) => {
    const wallet = new EvmWallet();
    wallet.refusal = { code: 4001, message: "User rejected the request." };
    await installEvmWallet(page, wallet);
    const answers = answersOf(page);
    await page.goto(host.url("plain"));
    await widget.open();
    await openWallet(widget, EVM_WALLET);
    await proveAndConnect(widget);
    await widget.frame.getByText("You did not sign").waitFor();
    expect(answers).toHaveLength(0);
    await widget.press(widget.button("Connect without proof"));
    await widget.button("Done").waitFor();
    expect(await Promise.all(answers)).toEqual([{ status: 200, code: null, isProven: false }]);
  });
});

describe("a wallet found by the Wallet Standard", () => {
  for (const feature of ["solana:signMessage", "solana:signIn"] as const) {
    test(`proves its address by ${feature}`, async ({ demo, host, page, widget }) => {
      const wallet = new SolanaWallet(feature);
      await installSolanaWallet(page, wallet);
      const answers = answersOf(page);
      await page.goto(host.url("plain"));
      await widget.open();
      await openWallet(widget, SOLANA_WALLET);
      const asked = page.waitForRequest(
        (request) => CONNECTIONS.test(request.url()) && request.method() === "POST",
      );
      await proveAndConnect(widget);
      await widget.frame
        .getByText(/did not answer/)
        .first()
        .waitFor();
      expect(await Promise.all(answers)).toEqual([{ status: 200, code: null, isProven: true }]);
      expect(wallet.asked).toEqual([feature]);
      expect(await connectedAddresses(demo, await asked)).toEqual([wallet.address]);
    });
  }

  test("that composes a sign-in of another site is refused", async ({ demo, host, page, widget }) => {
    const wallet = new SolanaWallet("solana:signIn");
    wallet.texts = (text) => text.replace(/^\S+/, "shop.example");
    await installSolanaWallet(page, wallet);
    await page.goto(host.url("plain"));
    await widget.open();
    await openWallet(widget, SOLANA_WALLET);
    const asked = page.waitForRequest(
      (request) => CONNECTIONS.test(request.url()) && request.method() === "POST",
    );
    await proveAndConnect(widget);
    await widget.frame.getByText(/Another account signed/).waitFor();
    expect(await connectedAddresses(demo, await asked)).toEqual([]);
  });
});

describe("a hostile host", () => {
  test("that answers for the wallet, with a proof of its own address, connects nothing", async ({
    demo,
    host,
    page,
    widget,
  }) => {
    const [wallet, thief] = [new EvmWallet(), new EvmWallet()];
    await installEvmWallet(page, wallet);
    await page.exposeFunction("__forge", async (message: string) => {
      const own = message.replace(wallet.account.address, thief.account.address);
      return { message: own, signature: await thief.sign(own) };
    });
    // The host's own code between the SDK and the widget: what a page can do to anything that runs in it.
    await page.addInitScript(() => {
      const post = MessagePort.prototype.postMessage;
      const { __forge: forge } = window as unknown as {
        __forge: (message: string) => Promise<unknown>;
      };
      MessagePort.prototype.postMessage = function (this: MessagePort, data?: Record<string, unknown>) {
        const proof = data?.["value"] as { message?: string; signature?: string } | undefined;
        if (!proof?.signature || !proof.message) return post.call(this, data);
        forge(proof.message).then((value) => post.call(this, { ...data, value }));
      };
    });
    const answers = answersOf(page);
    await page.goto(host.url("plain"));
    await widget.open();
    await openWallet(widget, EVM_WALLET);
    const asked = page.waitForRequest(
      (request) => CONNECTIONS.test(request.url()) && request.method() === "POST",
    );
    await proveAndConnect(widget);
    await widget.frame.getByText(/Another account signed/).waitFor();
    expect((await asked).postDataJSON().proof.message).toContain(thief.account.address);
    expect(await Promise.all(answers)).toEqual([{ status: 400, code: "PROOF_INVALID", isProven: null }]);
    expect(await connectedAddresses(demo, await asked)).toEqual([]);
  });
});
