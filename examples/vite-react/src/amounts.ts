/** Numbers as people read them. Text from the backend is formatted as text: no digit is lost on the way. */

import type { Decimal } from "./backend.js";

const MOST_DECIMALS = 8;

export function sayQuantity(quantity: Decimal): string {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: MOST_DECIMALS }).format(quantity);
}

/** In cents; in three digits what cents would show as nothing. */
export function sayMoney(value: Decimal, currency: string): string {
  const isTiny = Math.abs(Number(value)) < 0.01 && Number(value) !== 0;
  const digits = isTiny ? { maximumSignificantDigits: 3 } : {};
  return new Intl.NumberFormat(undefined, { style: "currency", currency, ...digits }).format(value);
}
