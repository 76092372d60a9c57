/** Recognition: what a pasted text is, before anything leaves the page. A text that may be a secret never does. */

import { base58Bytes } from "./base58.js";

export type AddressFamily = "evm" | "solana" | "utxo";

export type Recognised =
  /** Ordinary words, or nothing. */
  | { readonly kind: "words" }
  /** A public address or extended public key; no family where only the server can tell. */
  | { readonly kind: "address"; readonly address: string; readonly families: readonly AddressFamily[] }
  /** A name of ENS, which the server resolves. */
  | { readonly kind: "name"; readonly name: string }
  /** A probable private key or recovery phrase: warn at once, send it nowhere. */
  | { readonly kind: "secret"; readonly secret: "private-key" | "recovery-phrase" };

const WORDS: Recognised = { kind: "words" };
const PRIVATE_KEY: Recognised = { kind: "secret", secret: "private-key" };
const PHRASE: Recognised = { kind: "secret", secret: "recovery-phrase" };

const EVM = /^0x[0-9a-f]{40}$/i;
/** 32 bytes (a key) or 64 (a key pair, a seed). */
const HEX_SECRET = /^(0x)?([0-9a-f]{64}|[0-9a-f]{128})$/i;
/** The bytes of a key pair as Solana's tools write them to a file. */
const NUMBERS_SECRET = /^\[\s*\d{1,3}(\s*,\s*\d{1,3}){31,63}\s*\]?$/;
/** A private extended key (BIP-32, SLIP-132): `xprv`, `zprv`, `Ltpv`, … */
const EXTENDED_SECRET = /^[a-z]{1,3}pr?v[1-9a-z]{90,}$/i;
const NAME = /^[^\s.:/@]+(\.[^\s.:/@]+)*\.eth$/iu;
/** Segregated witness (BIP-173, BIP-350) and cashaddr, each in one case. */
const SEGWIT = /^[a-z]{2,5}1[02-9ac-hj-np-z]{11,87}$/;
const CASHADDR = /^(bitcoincash:)?[qp][02-9ac-hj-np-z]{41}$/;
/** Something long without spaces: an address of a form unknown here. */
const ADDRESS_LIKE = /^[0-9a-z:]{24,128}$/i;
const PHRASE_LENGTHS: readonly number[] = [12, 13, 15, 18, 20, 21, 24, 25, 33];

/** Bytes in base58 with checksum: version of one or two bytes and a hash of twenty; an extended key. */
const UTXO_BYTES: readonly number[] = [25, 26, 82];
/** Wallet import format (37, or 38 for compressed keys), BIP-38 (43), a key pair of Solana (64). */
const SECRET_BYTES: readonly number[] = [37, 38, 43, 64];
const SOLANA_BYTES = 32;

/** Say what a text is. */
export function recognise(text: string): Recognised {
  const given = text.trim();
  if (isPhrase(given)) return PHRASE;
  if (NUMBERS_SECRET.test(given)) return PRIVATE_KEY;
  if (/\s/.test(given)) return WORDS;
  if (EVM.test(given)) return { kind: "address", address: given, families: ["evm"] };
  if (HEX_SECRET.test(given) || EXTENDED_SECRET.test(given)) return PRIVATE_KEY;
  if (NAME.test(given)) return { kind: "name", name: given.toLowerCase() };
  const lower = given.toLowerCase();
  const isOneCase = given === lower || given === given.toUpperCase();
  if (isOneCase && (SEGWIT.test(lower) || CASHADDR.test(lower)))
    return { kind: "address", address: given, families: ["utxo"] };
  return fromBase58(given) ?? unknown(given);
}

/** Whether a text may be shown to others as the name of something: short, and nothing that was recognised. */
export function isHarmless(text: string): boolean {
  return text.length <= 40 && text.trim().split(/\s+/).length <= 4 && recognise(text).kind === "words";
}

function fromBase58(text: string): Recognised | null {
  const bytes = base58Bytes(text);
  if (bytes === null) return null;
  if (SECRET_BYTES.includes(bytes)) return PRIVATE_KEY;
  if (bytes === SOLANA_BYTES) return { kind: "address", address: text, families: ["solana"] };
  if (UTXO_BYTES.includes(bytes)) return { kind: "address", address: text, families: ["utxo"] };
  return null;
}

function unknown(text: string): Recognised {
  return ADDRESS_LIKE.test(text) && /\d/.test(text)
    ? { kind: "address", address: text, families: [] }
    : WORDS;
}

/** As many words as recovery phrases have (BIP-39, Electrum, Monero, SLIP-39), numbered or not. */
function isPhrase(text: string): boolean {
  const words = text.split(/[\s,;]+/).filter((each) => !/^\d*[.):]?$/.test(each));
  return (
    PHRASE_LENGTHS.includes(words.length) && words.every((each) => /^(\d+[.):])?\p{L}{1,12}$/u.test(each))
  );
}
