/** Instants as people speak of them: a day, a time of day, how long ago. */

import type { Language } from "../contracts.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONG_AGO = 30 * DAY;

export function formatDay(language: Language, at: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full" }).format(new Date(at));
}

/** Such as "Nov 25, 2041": where it stands among other facts. */
export function formatDate(language: Language, at: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(at));
}

export function formatTime(language: Language, at: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(at));
}

export function formatMoment(language: Language, at: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date(at));
}

/** "2 hours ago"; a date where that says more. */
export function formatAgo(language: Language, at: string, now = Date.now()): string {
  const passed = Math.max(0, now - new Date(at).getTime());
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  if (passed < MINUTE) return words.format(0, "second");
  if (passed < HOUR) return words.format(-Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return words.format(-Math.floor(passed / HOUR), "hour");
  if (passed < LONG_AGO) return words.format(-Math.floor(passed / DAY), "day");
  return formatDate(language, at);
}

/** The day of an instant where the person is, such as `2041-11-25`. */
export function dayOf(at: string): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
