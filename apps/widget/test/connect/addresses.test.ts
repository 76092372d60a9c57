/** What a pasted text is recognised as; above all, that what may be a secret never counts as an address. */

import { describe, expect, test } from "vitest";
import { base58Bytes } from "../../src/addresses/base58.js";
import { isHarmless, recognise } from "../../src/addresses/recognise.js";
import { TEST_ADDRESSES } from "../../src/addresses/sandbox.js";

const EVM = "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa";
const SOLANA = "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1";
const HEX_KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
const WORDS =
  "abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual";
const first = (count: number) => WORDS.split(" ").slice(0, count).join(" ");

describe("public addresses", () => {
  test.each([
    ["EVM", EVM, ["evm"]],
    ["EVM in capitals", EVM.replace("0x", "").toUpperCase().replace(/^/, "0x"), ["evm"]],
    ["Solana", SOLANA, ["solana"]],
    ["Bitcoin, legacy", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ["utxo"]],
    ["Bitcoin, script", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", ["utxo"]],
    ["Bitcoin, segwit", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", ["utxo"]],
    ["Bitcoin, segwit in capitals", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", ["utxo"]],
    ["Bitcoin, taproot", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", ["utxo"]],
    ["Litecoin, segwit", "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", ["utxo"]],
    ["Bitcoin Cash", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", ["utxo"]],
    ["Zcash, transparent", "t1Z8eLpYhKcVJgTP1c8EzFbEuRvfsQcAJyS", ["utxo"]],
    [
      "xpub",
      "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8",
      ["utxo"],
    ],
    [
      "zpub",
      "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs",
      ["utxo"],
    ],
  ])("%s", (_name, text, families) => {
    expect(recognise(` ${text}\n`)).toEqual({ kind: "address", address: text, families });
  });

  test("a long text of an unknown form is left to the server", () => {
    expect(recognise("cosmos1hsk6jryyqjfhp5dhc55tc9jtckygx0eph6dd02")).toMatchObject({
      kind: "address",
      families: [],
    });
  });

  test("the sandbox's test addresses are addresses", () => {
    for (const each of Object.values(TEST_ADDRESSES)) expect(recognise(each).kind).toBe("address");
  });
});

test.each([
  ["vitalik.eth", "vitalik.eth"],
  ["Sub.Name.ETH", "sub.name.eth"],
  ["rené.eth", "rené.eth"],
])("%s is a name", (text, name) => {
  expect(recognise(text)).toEqual({ kind: "name", name });
});

describe("secrets", () => {
  test.each([
    ["a key in hexadecimal", HEX_KEY],
    ["the same with 0x", `0x${HEX_KEY}`],
    ["a key pair in hexadecimal", HEX_KEY + HEX_KEY],
    ["wallet import format", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"],
    ["wallet import format, compressed", "KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617"],
    ["BIP-38", "6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg"],
    [
      "xprv",
      "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
    ],
    ["a file of numbers", `[${Array.from({ length: 64 }, (_, index) => index).join(", ")}]`],
  ])("%s is a private key", (_name, text) => {
    expect(recognise(` ${text} `)).toEqual({ kind: "secret", secret: "private-key" });
  });

  test.each([12, 15, 18, 21, 24])("%i words are a recovery phrase", (count) => {
    const phrase = first(count);
    const numbered = phrase
      .split(" ")
      .map((word, index) => `${index + 1}. ${word}`)
      .join("\n");
    for (const each of [phrase, `  ${phrase.replaceAll(" ", "\n")} `, phrase.replaceAll(" ", ", "), numbered])
      expect(recognise(each)).toEqual({ kind: "secret", secret: "recovery-phrase" });
  });

  test("nothing recognised is ever shown to the app as the name of something", () => {
    for (const each of [HEX_KEY, first(12), first(11), first(5), EVM, SOLANA, "vitalik.eth"])
      expect(isHarmless(each)).toBe(false);
    expect(isHarmless("Kraken Pro")).toBe(true);
  });

  test("law: no text of hexadecimal digits as long as a key is ever an address", () => {
    const random = numbers(7);
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: 64 }, () => "0123456789abcdef"[random() % 16]).join("");
      expect(recognise(text).kind).toBe("secret");
    }
  });
});

test.each(["", "   ", "bitcoin", "coinbase wallet", "0x", "0x1234", "what is my address", "sol"])(
  "“%s” is words",
  (text) => {
    expect(recognise(text)).toEqual({ kind: "words" });
  },
);

test("law: base58 of n bytes is read as n bytes, leading zeros included", () => {
  const random = numbers(3);
  for (let round = 0; round < 300; round++) {
    const bytes = Array.from({ length: 1 + (random() % 80) }, () => random() % (round % 3 ? 256 : 2));
    expect(base58Bytes(encode(bytes))).toBe(bytes.length);
  }
  expect(base58Bytes("0OIl")).toBeNull();
});

/** Numbers that look like chance and are the same in each run (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

function encode(bytes: readonly number[]): string {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = "";
  for (; value > 0n; value /= 58n) text = alphabet[Number(value % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros === -1 ? bytes.length : zeros) + text;
}
