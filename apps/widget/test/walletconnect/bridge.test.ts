/** The wallet behind a pairing: what it gives is read strictly, and it signs nothing but a sign-in of this page. */

import { describe, expect, test, vi } from "vitest";
import { fromBase58, toBase58 } from "../../src/addresses/base58.js";
import { bridgeTo } from "../../src/walletconnect/bridge.js";
import { namespacesOf, offerOf } from "../../src/walletconnect/offer.js";
import { ETHEREUM, EVM, OFFERED, provider, SOLANA } from "../connect/fixtures.js";
import { CONFIG, fakeHost, SESSION } from "../support/connect.js";

/** CAIP-2 names it by the first 32 letters of the genesis hash of its main network. */
const SOLANA_CHAIN = `solana:${"5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d".slice(0, 32)}`;
const given = (id: string, canSign = true) => ({ id, canSign });
const ACCOUNTS = [given(`eip155:1:${EVM}`), given(`eip155:10:${EVM}`), given(`${SOLANA_CHAIN}:${SOLANA}`)];

function message(family: "Ethereum" | "Solana", address: string, domain = location.host): string {
  return [
    `${domain} wants you to sign in with your ${family} account:`,
    address,
    "",
    "Prove it.",
    "",
    "URI: http://localhost",
    "Version: 1",
    "Chain ID: 1",
    "Nonce: 12345678",
    "Issued At: 2030-01-01T00:00:00Z",
  ].join("\n");
}

describe("accounts", () => {
  test("of each family, with its chain", async () => {
    const { wallets, ask } = bridgeTo({ sign: vi.fn() }, ACCOUNTS, "Rainbow");
    expect(wallets.map(({ name, family, canProve }) => [name, family, canProve])).toEqual([
      ["Rainbow", "evm", true],
      ["Rainbow", "solana", true],
    ]);
    const [evm, solana] = await Promise.all(
      wallets.map((wallet) => ask("wallet.accounts", { wallet: wallet.id })),
    );
    expect(evm).toEqual({ addresses: [EVM, EVM], chainId: 1 });
    expect(solana).toEqual({ addresses: [SOLANA] });
  });

  test.each(["", "eip155:1", `eip155:x:${EVM}`, `cosmos:1:${EVM}`, `eip155:1:${EVM}\n`, "eip155:1:<script>"])(
    "of another form are left out: %j",
    (id) => {
      expect(bridgeTo({ sign: vi.fn() }, [given(id)], "X").wallets).toEqual([]);
    },
  );

  test("that cannot sign texts are not asked for a proof", () => {
    const { wallets } = bridgeTo({ sign: vi.fn() }, [given(`eip155:1:${EVM}`, false)], "X");
    expect(wallets.map((each) => each.canProve)).toEqual([false]);
  });
});

describe("signing", () => {
  test("a sign-in of this page, on the account's own chain", async () => {
    const sign = vi.fn(async () => "0xabcd");
    const { wallets, ask } = bridgeTo({ sign }, [given(`eip155:10:${EVM}`)], "X");
    const text = message("Ethereum", EVM);
    const proof = await ask("wallet.prove", { wallet: wallets[0]?.id ?? "", address: EVM, message: text });
    expect(proof).toEqual({ message: text, signature: "0xabcd" });
    expect(sign).toHaveBeenCalledExactlyOnceWith("eip155:10", "personal_sign", [
      `0x${Buffer.from(text).toString("hex")}`,
      EVM,
    ]);
  });

  test("with Solana's form: base58 there, base64 for the server", async () => {
    const signature = new Uint8Array(64).map((_, at) => at);
    const sign = vi.fn(async () => ({ signature: toBase58(signature) }));
    const { wallets, ask } = bridgeTo({ sign }, [given(`${SOLANA_CHAIN}:${SOLANA}`)], "X");
    const text = message("Solana", SOLANA);
    const proof = await ask("wallet.prove", { wallet: wallets[0]?.id ?? "", address: SOLANA, message: text });
    expect(proof).toEqual({ message: text, signature: Buffer.from(signature).toString("base64") });
    expect(sign).toHaveBeenCalledExactlyOnceWith(SOLANA_CHAIN, "solana_signMessage", {
      message: toBase58(Buffer.from(text)),
      pubkey: SOLANA,
    });
  });

  test.each([
    ["another site's", message("Ethereum", EVM, "shop.example")],
    ["another address's", message("Ethereum", `0x${"1".repeat(40)}`)],
    ["any other text", "Send everything"],
  ])("%s is refused before the wallet hears of it", async (_, text) => {
    const sign = vi.fn();
    const { wallets, ask } = bridgeTo({ sign }, ACCOUNTS, "X");
    const proof = ask("wallet.prove", { wallet: wallets[0]?.id ?? "", address: EVM, message: text });
    await expect(proof).rejects.toMatchObject({ code: "NOT_A_SIGN_IN_MESSAGE" });
    expect(sign).not.toHaveBeenCalled();
  });

  test("what is no signature is no proof", async () => {
    for (const reply of [null, {}, { signature: 5 }, { signature: "0OIl" }, { signature: "1".repeat(200) }]) {
      const { wallets, ask } = bridgeTo(
        { sign: async () => reply },
        [given(`${SOLANA_CHAIN}:${SOLANA}`)],
        "X",
      );
      const params = {
        wallet: wallets[0]?.id ?? "",
        address: SOLANA,
        message: message("Solana", SOLANA),
      };
      await expect(ask("wallet.prove", params)).rejects.toMatchObject({ code: "WALLET_FAILED" });
    }
  });
});

test("base58 there and back", () => {
  const samples = [
    [],
    [0],
    [0, 0, 1],
    [255],
    [0, 255, 255, 0],
    [...new Uint8Array(64).map((_, at) => 255 - at)],
  ];
  for (const sample of samples.slice(1)) {
    const bytes = new Uint8Array(sample);
    expect(fromBase58(toBase58(bytes))).toEqual(bytes);
  }
  expect(toBase58(new TextEncoder().encode("Hello World!"))).toBe("2NEpo7TZRRrLZSi2U"); // draft-msporny-base58
});

describe("the offer", () => {
  const walletconnect = { relay_url: "wss://relay.example", project_id: "operators" };
  const session = { ...SESSION, walletconnect };
  const page = fakeHost({ kind: "page" });

  test("needs a project: the app's, or the operator's on a hosted page", () => {
    const apps = { ...CONFIG, walletConnectProjectId: "apps" };
    const offered = (projectId: string) => ({ projectId, relayUrl: "wss://relay.example" });
    expect(offerOf({ config: apps, host: fakeHost(), session })).toEqual(offered("apps"));
    expect(offerOf({ config: CONFIG, host: fakeHost(), session })).toBeNull();
    expect(offerOf({ config: CONFIG, host: page, session })).toEqual(offered("operators"));
    expect(offerOf({ config: apps, host: page, session: SESSION })).toBeNull();
  });

  test("asks for addresses of the best known chains, and for one way of signing on each", () => {
    const many = Array.from({ length: 40 }, (_, at) =>
      Object.assign(provider(`chain${at}`, `Chain ${at}`, { rank: 100 - at }), { communityId: at + 2 }),
    );
    const ethereum = Object.assign({ ...ETHEREUM }, { communityId: 1 });
    const { eip155, ...others } = namespacesOf([...OFFERED.providers, ...many, ethereum]);
    expect(eip155?.chains).toHaveLength(16);
    expect(eip155?.chains[0]).toBe("eip155:1");
    expect(eip155?.method).toBe("personal_sign");
    expect(others).toEqual({ solana: { chains: [SOLANA_CHAIN], method: "solana_signMessage" } });
    expect(namespacesOf([])).toEqual({});
  });
});
