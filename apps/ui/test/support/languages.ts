/** What every folder of translations must hold to: whole, with each plural form, nothing left in English. */

import { describe, expect, test } from "vitest";
import type { Message, Messages } from "../../src/i18n/texts.js";
import { pseudoMessages } from "./pseudo.js";

/** Paths end in `<language>/<part>.json`. */
type Files = Readonly<Record<string, Messages>>;

const languageOf = (path: string) => path.split("/").at(-2) ?? "";
const forms = (message: Message | undefined): readonly string[] =>
  typeof message === "string" ? [message] : Object.values(message ?? {});
const holes = (message: Message | undefined) =>
  [...new Set(forms(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

/** `sameInSome`: names, and words of the trade that some languages took over as they are. */
export function testTranslations(files: Files, sameInSome: readonly string[] = []): void {
  const originalOf = (path: string): Messages => files[path.replace(/\w+(?=\/\w+\.json$)/, "en")] ?? {};
  const translations = Object.entries(files).filter(([path]) => languageOf(path) !== "en");

  test("all eight languages are there", () => {
    const languages = new Set(Object.keys(files).map(languageOf));
    expect([...languages].sort()).toEqual(["de", "en", "es", "fr", "it", "pl", "pt", "sv"]);
  });

  describe.each(Object.entries(files))("%s", (path, messages) => {
    const original = originalOf(path);

    test("has every text of English, and no other", () => {
      expect(Object.keys(messages).sort()).toEqual(Object.keys(original).sort());
    });

    test("fills the same values", () => {
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

  test("no text was left in English, but for names and words of the trade", () => {
    const same = translations.flatMap(([path, messages]) => {
      const original = originalOf(path);
      return Object.entries(messages).flatMap(([key, message]) =>
        forms(message).filter((text) => forms(original[key]).includes(text)),
      );
    });
    expect([...new Set(same)].sort()).toEqual([...sameInSome].sort());
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

  test("the pseudo-language is 40 % longer and keeps what is filled in", () => {
    for (const original of Object.entries(files).filter(([path]) => languageOf(path) === "en")) {
      for (const [key, message] of Object.entries(pseudoMessages(original[1]))) {
        expect(holes(message)).toEqual(holes(original[1][key]));
        forms(message).forEach((text, at) => {
          expect(text.length).toBeGreaterThanOrEqual((forms(original[1][key])[at]?.length ?? 0) * 1.4);
        });
      }
    }
  });
}
