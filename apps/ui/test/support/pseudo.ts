/** A language that nobody speaks: 40 % longer, with accents, so that a screen shows what a real translation will do. */

import type { Message, Messages } from "../../src/i18n/texts.js";

const ACCENTED: Readonly<Record<string, string>> = {
  a: "á",
  c: "ç",
  e: "ë",
  i: "ï",
  n: "ñ",
  o: "ø",
  s: "š",
  u: "ü",
  y: "ÿ",
  z: "ž",
};
const LONGER = 0.4;

/** Values in braces stay as they are; brackets show where a text begins and ends, or was cut off. */
export function pseudoText(text: string): string {
  const accented = text
    .split(/(\{\w+\})/)
    .map((part) =>
      part.startsWith("{") ? part : part.replace(/[a-z]/g, (letter) => ACCENTED[letter] ?? letter),
    )
    .join("");
  const words = "lorem ipsum dolor sit amet ".repeat(10);
  return `⟦${accented} ${words.slice(0, Math.ceil(text.length * LONGER)).trim()}⟧`;
}

export function pseudoMessages(messages: Messages): Messages {
  const pseudo = (message: Message): Message =>
    typeof message === "string"
      ? pseudoText(message)
      : Object.fromEntries(Object.entries(message).map(([form, text]) => [form, pseudoText(text)]));
  return Object.fromEntries(Object.entries(messages).map(([key, message]) => [key, pseudo(message)]));
}
