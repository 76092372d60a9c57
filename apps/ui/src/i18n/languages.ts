/** The languages and themes there are, read strictly. */

import type { Language, Theme } from "@kryptos_connect/connect-core";

export const LANGUAGES = ["en", "fr", "de", "pt", "sv", "es", "pl", "it"] as const satisfies Language[];
export const THEMES = ["light", "dark", "auto"] as const satisfies Theme[];

const isOneOf = <T extends string>(known: readonly T[], given: unknown): given is T =>
  known.some((each) => each === given);

/** `pt-BR` is read as `pt`. */
export function readLanguage(given: unknown, otherwise: Language = "en"): Language {
  const tag = typeof given === "string" ? given.toLowerCase().split(/[-_]/)[0] : "";
  return isOneOf(LANGUAGES, tag) ? tag : otherwise;
}

export function readTheme(given: unknown, otherwise: Theme): Theme {
  return isOneOf(THEMES, given) ? given : otherwise;
}
