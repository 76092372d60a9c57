/** Search: what people type finds what they mean. */

import { describe, expect, test } from "vitest";
import { indexProviders, type Searchable, search } from "../../src/search/search.js";
import { allowedErrors, errorsBetween } from "../../src/search/typos.js";

const row = (id: string, publicName: string, rest: Partial<Searchable> = {}): Searchable => ({
  id,
  publicName,
  symbol: null,
  aliases: [],
  rank: null,
  isWorking: true,
  ...rest,
});

const PROVIDERS = [
  row("zerion", "Zerion", { rank: 46 }),
  row("solana", "Solana", { symbol: "SOL", aliases: ["sol", "spl"], rank: 3 }),
  row("solflare", "Solflare"),
  row("bitcoin", "Bitcoin", { symbol: "BTC", aliases: ["btc", "xbt"], rank: 1 }),
  row("bitcoin-cash", "Bitcoin Cash", { symbol: "BCH", aliases: ["bch", "bcash"], rank: 21 }),
  row("ethereum", "Ethereum", {
    symbol: "ETH",
    aliases: ["eth", "ether", "mainnet"],
    rank: 2,
    communityId: 1,
  }),
  row("ethereum-classic", "Ethereum Classic", { symbol: "ETC", rank: 43, communityId: 61 }),
  row("base", "Base", { symbol: "ETH", aliases: ["coinbase l2"], rank: 9, communityId: 8453 }),
  row("bsc", "BNB Chain", {
    symbol: "BNB",
    aliases: ["bnb", "binance smart chain"],
    rank: 7,
    communityId: 56,
  }),
  row("opbnb", "opBNB", { symbol: "BNB", rank: 41, communityId: 204 }),
  row("polygon", "Polygon", { symbol: "POL", aliases: ["matic"], rank: 8, communityId: 137 }),
  row("metamask", "MetaMask", { rank: 4 }),
  row("trust-wallet", "Trust Wallet", { aliases: ["trust"], rank: 14 }),
  row("okx-wallet", "OKX Wallet", { rank: 45 }),
  row("coinbase-wallet", "Coinbase Wallet (Base app)", { aliases: ["base app"], rank: 13 }),
  row("abey", "ABEY", { symbol: "ABEY", isWorking: false }),
  row("zora", "Zóra", { symbol: "ETH" }),
];
const INDEX = indexProviders(PROVIDERS);
const ids = (text: string) => search(INDEX, text).map((each) => each.id);

describe("finds first", () => {
  test.each([
    ["bnb", "bsc"],
    ["BNB ", "bsc"],
    ["metmask", "metamask"],
    ["meta mask", "metamask"],
    ["metamaks", "metamask"],
    ["etherium", "ethereum"],
    ["poligon", "polygon"],
    ["sol", "solana"],
    ["btc", "bitcoin"],
    ["eth", "ethereum"],
    ["matic", "polygon"],
    ["binance", "bsc"],
    ["base", "base"],
    ["coinbase", "coinbase-wallet"],
    ["tw", "trust-wallet"],
    ["wallet okx", "okx-wallet"],
    ["8453", "base"],
    ["zora", "zora"],
    ["bitconi cash", "bitcoin-cash"],
    ["abey", "abey"],
  ])("%s → %s", (text, id) => {
    expect(ids(text)[0]).toBe(id);
  });
});

test("a name beats a beginning, a beginning a word, a word an alias, and errors come last", () => {
  const found = search(
    indexProviders([
      row("typo", "Mollie", { rank: 1 }),
      row("alias", "Zzz", { aliases: ["molly two"], rank: 2 }),
      row("word", "The Molly", { rank: 3 }),
      row("prefix", "Mollyverse", { rank: 4 }),
      row("exact", "Molly", { rank: 5 }),
    ]),
    "molly",
  );
  expect(found.map((each) => each.id)).toEqual(["exact", "prefix", "word", "alias", "typo"]);
});

test("of equals those that work come first, then the popular, then A to Z", () => {
  const found = search(
    indexProviders([
      row("b", "Chain b"),
      row("off", "Chain off", { isWorking: false, rank: 1 }),
      row("a", "Chain a"),
      row("top", "Chain top", { rank: 2 }),
    ]),
    "chain",
  );
  expect(found.map((each) => each.id)).toEqual(["top", "a", "b", "off"]);
});

test("nothing is found by nothing, by signs, or by what nobody is called", () => {
  for (const text of ["", "  ", "!?", "qwertzuiop"]) expect(ids(text)).toEqual([]);
});

test("short words forgive no error: bnb is not bob", () => {
  expect(ids("bob")).not.toContain("bsc");
});

describe("laws", () => {
  const named = PROVIDERS.filter((each) => each.id.length >= 4);

  test("every beginning of a name finds its provider", () => {
    for (const provider of named)
      for (let length = 2; length <= provider.publicName.length; length++)
        expect(ids(provider.publicName.slice(0, length))).toContain(provider.id);
  });

  test("every name with one letter left out, doubled or swapped still finds its provider", () => {
    const oneWord = named.filter((each) => /^\p{L}+$/u.test(each.publicName));
    expect(oneWord.length).toBeGreaterThan(5);
    for (const { publicName, id } of oneWord)
      for (let at = 0; at < publicName.length - 1; at++)
        for (const typed of mistyped(publicName, at)) expect(ids(typed), typed).toContain(id);
  });

  test("capitals and spaces around never matter", () => {
    for (const text of ["bnb", "etherium", "trust wallet"])
      expect(ids(`  ${text.toUpperCase()} `)).toEqual(ids(text));
  });

  test("no error lies between a word and its own beginning, and one between neighbours", () => {
    expect(errorsBetween("ether", "ethereum", 0)).toBe(0);
    expect(errorsBetween("ehter", "ethereum", 1)).toBe(1);
    expect(errorsBetween("ethr", "ethereum", 1)).toBe(1);
    expect(errorsBetween("xthxr", "ethereum", 1)).toBeNull();
    expect(errorsBetween("abcdefgh", "abc", 2)).toBeNull();
    expect([allowedErrors("bnb"), allowedErrors("base"), allowedErrors("polygon")]).toEqual([0, 1, 2]);
  });
});

/** A word with the letter at a place doubled, swapped with the next, or (in words that forgive it) left out. */
function mistyped(word: string, at: number): readonly string[] {
  const [head, one, two, tail] = [word.slice(0, at), word[at] ?? "", word[at + 1] ?? "", word.slice(at + 2)];
  const typed = [head + one + one + two + tail, head + two + one + tail];
  return word.length > 4 ? [...typed, head + two + tail] : typed;
}
