/** The widget's texts: loaded per language and part, with plurals and values filled in by the language's rules. */

import type { Language } from "@kryptos_connect/connect-core";
import english from "./messages/en/shell.json";

type Shell = typeof import("./messages/en/shell.json");
type Connecting = typeof import("./messages/en/connect.json");

/** Every text there is. */
export type MessageKey = Exclude<keyof Shell | keyof Connecting, "default">;

/** `shell`: signing in, consent, problems. `connect`: everything after that. */
export type Part = "shell" | "connect";

/** A text, or one for each plural form of its `count`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
export type Messages = Readonly<Record<string, Message>>;

export type Values = Readonly<Record<string, string | number>>;

export interface Texts {
  readonly language: Language;
  t(key: MessageKey, values?: Values): string;
  /** Whether there is such a text: for keys made from a code of the server. */
  has(key: string): key is MessageKey;
  load(part: Part): Promise<void>;
}

const FILES = import.meta.glob<Messages>(["./messages/*/*.json", "!./messages/en/shell.json"], {
  import: "default",
});

/** Return the texts of a language, English standing in for what is not loaded or not translated. */
export function createTexts(language: Language, read: typeof readMessages = readMessages): Texts {
  const texts: Record<string, Message> = { ...(english as Messages) };
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const shown = (value: string | number) => (typeof value === "number" ? numbers.format(value) : value);

  const form = (message: Message, count: string | number | undefined) => {
    if (typeof message === "string") return message;
    return message[plurals.select(Number(count ?? 0))] ?? message.other ?? "";
  };

  return {
    language,
    has: (key): key is MessageKey => Object.hasOwn(texts, key),
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

async function readMessages(language: string, part: Part): Promise<Messages> {
  if (language === "en" && part === "shell") return english as Messages;
  const file = FILES[`./messages/${language}/${part}.json`];
  return file ? file().catch(() => ({})) : {};
}

/** Such as "25 November 2041". */
export function formatDate(language: Language, date: Date | string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(date));
}

export function formatNumber(language: Language, value: number): string {
  return new Intl.NumberFormat(language).format(value);
}
