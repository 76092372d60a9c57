/** Dates and numbers as a language writes them. */

import type { Language } from "@kryptos_connect/connect-core";

/** Such as "25 November 2041". */
export function formatDate(language: Language, date: Date | string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(date));
}

export function formatNumber(language: Language, value: number): string {
  return new Intl.NumberFormat(language).format(value);
}
