/** Numbers as people read them. A phone's `Intl` reads a double: good enough to show; compute with a decimal library. */

import type { Decimal } from "./backend";

/** All whole digits, and as many decimals as fit beside them; of what they would show as nothing, three digits. */
export function sayQuantity(quantity: Decimal): string {
  const amount = Number(quantity);
  const size = Math.abs(amount);
  const isTiny = size < 1e-8 && size > 0;
  const wholeDigits = String(Math.trunc(size)).length;
  const digits = isTiny
    ? { maximumSignificantDigits: 3 }
    : { maximumFractionDigits: Math.max(0, 9 - wholeDigits) };
  return new Intl.NumberFormat(undefined, digits).format(amount);
}

/** In cents; in three digits what cents would show as nothing. */
export function sayMoney(value: Decimal, currency: string): string {
  const isTiny = Math.abs(Number(value)) < 0.01 && Number(value) !== 0;
  const digits = isTiny ? { maximumSignificantDigits: 3 } : {};
  return new Intl.NumberFormat(undefined, { style: "currency", currency, ...digits }).format(Number(value));
}
