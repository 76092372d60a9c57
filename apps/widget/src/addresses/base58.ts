/** Base58 (the alphabet of Bitcoin): bytes to text and back; checksums are the server's to check. */

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const FORM = /^[1-9A-HJ-NP-Za-km-z]{1,128}$/;

export function toBase58(bytes: Uint8Array): string {
  const digits: number[] = [];
  for (const byte of bytes) {
    let carry = byte;
    for (let at = 0; at < digits.length; at += 1) {
      carry += (digits[at] ?? 0) * 256;
      digits[at] = carry % 58;
      carry = Math.floor(carry / 58);
    }
    for (; carry > 0; carry = Math.floor(carry / 58)) digits.push(carry % 58);
  }
  return (
    leading(bytes) +
    digits
      .reverse()
      .map((digit) => ALPHABET[digit])
      .join("")
  );
}

/** Return the bytes; null for what is no base58, or longer than anything that is read here. */
export function fromBase58(text: unknown): Uint8Array | null {
  if (typeof text !== "string" || !FORM.test(text)) return null;
  const bytes: number[] = [];
  for (const sign of text) {
    let carry = ALPHABET.indexOf(sign);
    for (let at = 0; at < bytes.length; at += 1) {
      carry += (bytes[at] ?? 0) * 58;
      bytes[at] = carry % 256;
      carry = Math.floor(carry / 256);
    }
    if (carry > 0) bytes.push(carry);
  }
  const zeros = text.length - text.replace(/^1+/, "").length;
  return new Uint8Array([...new Array<number>(zeros).fill(0), ...bytes.reverse()]);
}

function leading(bytes: Uint8Array): string {
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros);
}

/** How many bytes a text stands for; null if it is no base58. */
export function base58Bytes(text: string): number | null {
  return fromBase58(text)?.length ?? null;
}
