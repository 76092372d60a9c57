/** Base58 (the alphabet of Bitcoin): only how many bytes a text stands for; checksums are the server's to check. */

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const FORM = /^[1-9A-HJ-NP-Za-km-z]+$/;
const LONGEST = 128;

/** How many bytes a text stands for; null if it is no base58. */
export function base58Bytes(text: string): number | null {
  if (text.length > LONGEST || !FORM.test(text)) return null;
  let value = 0n;
  for (const sign of text) value = value * 58n + BigInt(ALPHABET.indexOf(sign));
  const zeros = text.length - text.replace(/^1+/, "").length;
  return zeros + (value === 0n ? 0 : Math.ceil(value.toString(16).length / 2));
}
