/** What this browser remembers of the page: the language and the theme somebody chose here. Nothing else is stored. */

import { readLanguage, readTheme } from "@kryptos_connect/ui/i18n/languages.js";
import type { Language, Theme } from "../contracts.js";

const LANGUAGE = "kryptos-account:language";
const THEME = "kryptos-account:theme";

/** The chosen language, or the one that the server found among those the browser asks for. */
export function preferredLanguage(served = document.documentElement.lang): Language {
  return readLanguage(read(LANGUAGE) ?? served);
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
