import { describe, expect, test } from "vitest";
import type { Message, Messages } from "../../src/i18n/texts.js";
import { pseudoMessages } from "../support/pseudo.js";

const FILES = import.meta.glob<Messages>("../../src/i18n/messages/*/*.json", {
  import: "default",
  eager: true,
});
const partOf = (path: string) => path.split("/").at(-1) ?? "";
const languageOf = (path: string) => path.split("/").at(-2) ?? "";
const english = (part: string) => FILES[`../../src/i18n/messages/en/${part}`] ?? {};

const forms = (message: Message | undefined): readonly string[] =>
  typeof message === "string" ? [message] : Object.values(message ?? {});
const holes = (message: Message | undefined) =>
  [...new Set(forms(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

test("all eight languages are there", () => {
  const languages = new Set(Object.keys(FILES).map(languageOf));
  expect([...languages].sort()).toEqual(["de", "en", "es", "fr", "it", "pl", "pt", "sv"]);
});

describe.each(Object.entries(FILES))("%s", (path, messages) => {
  test("has every text of English, and no other", () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english(partOf(path))).sort());
  });

  test("fills the same values", () => {
    const original = english(partOf(path));
    for (const [key, message] of Object.entries(messages)) {
      expect([key, holes(message)]).toEqual([key, holes(original[key])]);
    }
  });

  test("has each plural form of its language", () => {
    const wanted = new Intl.PluralRules(languageOf(path)).resolvedOptions().pluralCategories;
    for (const [key, message] of Object.entries(messages)) {
      if (typeof message !== "string")
        expect([key, Object.keys(message).sort()]).toEqual([key, [...wanted].sort()]);
    }
  });

  test("says nothing empty", () => {
    for (const message of Object.values(messages)) {
      for (const text of forms(message)) expect(text.trim()).not.toBe("");
    }
  });
});

test("the pseudo-language is 40 % longer and keeps what is filled in", () => {
  const original = english("shell.json");
  for (const [key, message] of Object.entries(pseudoMessages(original))) {
    expect(holes(message)).toEqual(holes(original[key]));
    forms(message).forEach((text, at) => {
      expect(text.length).toBeGreaterThanOrEqual((forms(original[key])[at]?.length ?? 0) * 1.4);
    });
  }
});
