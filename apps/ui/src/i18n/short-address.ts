/** An address as people compare them: its beginning and its end. */

const SHORT = 16;

export function shortAddress(address: string): string {
  return address.length <= SHORT ? address : `${address.slice(0, 6)}…${address.slice(-4)}`;
}
