/** What this browser remembers of the page: the language and the theme somebody chose here. Nothing else is stored. */

import { readLanguage, readTheme } from "@kryptos_connect/ui/i18n/languages.js";
import type { Language, Theme } from "../contracts.js";

const LANGUAGE = "kryptos-account:language";
const THEME = "kryptos-account:theme";

/** The chosen language, or the first of the browser's that there is. */
export function preferredLanguage(wished: readonly string[] = navigator.languages): Language {
  const chosen = read(LANGUAGE);
  if (chosen !== null) return readLanguage(chosen);
  const known = wished.find((each) => readLanguage(each, "en") !== "en" || /^en\b/i.test(each));
  return readLanguage(known);
}

export const preferredTheme = (): Theme => readTheme(read(THEME), "auto");
export const rememberLanguage = (language: Language): void => write(LANGUAGE, language);
export const rememberTheme = (theme: Theme): void => write(THEME, theme);

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage is blocked: the browser's own settings hold
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It holds until the page is closed.
  }
}
