/** What a translation may get wrong though it is whole: English left in it, or a plural form without its value. */

import { expect, test } from "vitest";
import type { Message, Messages } from "../../src/i18n/texts.js";

const FILES = import.meta.glob<Messages>("../../src/i18n/messages/*/*.json", {
  import: "default",
  eager: true,
});
const ENGLISH = "/en/";
const translations = Object.entries(FILES).filter(([path]) => !path.includes(ENGLISH));
const originalOf = (path: string): Messages => FILES[path.replace(/\/\w+\/(?=\w+\.json$)/, ENGLISH)] ?? {};

/** Names, and words of the trade that some languages took over as they are. */
const SAME_IN_SOME = [
  "{provider} · {address}",
  "Blockchain",
  "Blockchains",
  "Exchange",
  "NFTs",
  "Solana",
  "Transactions",
  "Wallet",
  "Wallets",
];

const forms = (message: Message | undefined): readonly string[] =>
  typeof message === "string" ? [message] : Object.values(message ?? {});
const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();

test("no text was left in English, but for names and words of the trade", () => {
  const same = translations.flatMap(([path, messages]) => {
    const original = originalOf(path);
    return Object.entries(messages).flatMap(([key, message]) =>
      forms(message).filter((text) => forms(original[key]).includes(text)),
    );
  });
  expect([...new Set(same)].sort()).toEqual([...SAME_IN_SOME].sort());
});

test.each(translations)("%s fills every value in each plural form", (path, messages) => {
  const original = originalOf(path);
  for (const [key, message] of Object.entries(messages)) {
    const english = original[key];
    if (typeof message === "string" || typeof english !== "object") continue;
    for (const [form, text] of Object.entries(message)) {
      // "Connect" and "Your account" need no number: English says which texts are so, and only for one.
      const wanted = (form === "one" ? english.one : english.other) ?? "";
      expect([key, form, holes(text)]).toEqual([key, form, holes(wanted)]);
    }
  }
});
