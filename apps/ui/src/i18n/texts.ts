/** Texts: loaded per language and part, with plurals and values filled in by the language's rules. */

import type { Language } from "@kryptos_connect/connect-core";

/** A text, or one for each plural form of its `count`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
export type Messages = Readonly<Record<string, Message>>;

export type Values = Readonly<Record<string, string | number>>;

export interface Texts<Key extends string, Part extends string> {
  readonly language: Language;
  t(key: Key, values?: Values): string;
  /** Whether there is such a text: for keys made from a code of the server. */
  has(key: string): key is Key;
  load(part: Part): Promise<void>;
}

/** Gives the texts of one part; none where they cannot be fetched. */
export type ReadMessages<Part extends string> = (language: Language, part: Part) => Promise<Messages>;

/** Return the texts of a language, English standing in for what is not loaded or not translated. */
export function createTexts<Key extends string, Part extends string>(
  language: Language,
  english: Messages,
  read: ReadMessages<Part>,
): Texts<Key, Part> {
  const texts: Record<string, Message> = { ...english };
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const shown = (value: string | number) => (typeof value === "number" ? numbers.format(value) : value);

  const form = (message: Message, count: string | number | undefined) => {
    if (typeof message === "string") return message;
    return message[plurals.select(Number(count ?? 0))] ?? message.other ?? "";
  };

  return {
    language,
    has: (key): key is Key => Object.hasOwn(texts, key),
    t: (key, values = {}) => {
      const message = texts[key];
      if (message === undefined) return key;
      return form(message, values["count"]).replace(/\{(\w+)\}/g, (hole, name: string) => {
        const value = values[name];
        return value === undefined ? hole : shown(value);
      });
    },
    load: async (part) => {
      // A chunk that cannot be fetched leaves the English texts standing.
      const [fallback, own] = await Promise.all([read("en", part), read(language, part)]);
      Object.assign(texts, fallback, own);
    },
  };
}
