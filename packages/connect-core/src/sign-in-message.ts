/** Sign-in messages, the only texts that a wallet is ever asked to sign: EIP-4361's (EVM) and SIWS's (Solana) form. */

export interface SignInMessage {
  readonly family: "evm" | "solana";
  /** Host, and port if any, of the page that asks. */
  readonly domain: string;
  readonly address: string;
  readonly statement: string | undefined;
  /** The fields in their order, by their name in the text, such as `Chain ID`. */
  readonly fields: ReadonlyMap<string, string>;
}

const LONGEST = 4096;
/** EIP-4361, section "ABNF Message Format"; a scheme before the domain is left out: we never write one. */
const FIELDS = [
  "URI",
  "Version",
  "Chain ID",
  "Nonce",
  "Issued At",
  "Expiration Time",
  "Not Before",
  "Request ID",
];
/** Without these a signature could be used again elsewhere. SIWS makes all fields optional; we do not. */
const REQUIRED = ["URI", "Version", "Nonce", "Issued At"];
const WORDS = { Ethereum: "evm", Solana: "solana" } as const;
const FIRST_LINES =
  /^([\w.[\]:-]{1,255}) wants you to sign in with your (Ethereum|Solana) account:\n([0-9A-Za-z]{32,44})\n\n/;
const STATEMENT = /^(?!URI: )[ -~]+$/;

/** Return the parts of a sign-in message; `null` for every other text. */
export function readSignInMessage(text: string): SignInMessage | null {
  const [head = "", domain = "", word = "", address = ""] = FIRST_LINES.exec(text) ?? [];
  if (!head || text.length > LONGEST) return null;
  const family = WORDS[word as keyof typeof WORDS];
  const lines = text.slice(head.length).split("\n");
  const statement = STATEMENT.test(lines[0] ?? "") ? lines.shift() : undefined;
  // EIP-4361 keeps both blank lines where the statement is missing, SIWS one.
  if ((statement !== undefined || family === "evm") && lines.shift() !== "") return null;
  const fields = readFields(lines);
  const required = family === "evm" ? [...REQUIRED, "Chain ID"] : REQUIRED;
  if (!fields || required.some((name) => !fields.get(name))) return null;
  return { family, domain, address, statement, fields };
}

/** Each field at most once and in the one order, then resources, then nothing. */
function readFields(lines: readonly string[]): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  let next = 0;
  let rest = lines;
  for (const line of lines) {
    const [, name = "", value = ""] = /^([A-Z][A-Za-z ]*): ([!-~]+)$/.exec(line) ?? [];
    const place = FIELDS.indexOf(name, next);
    if (place < 0) break;
    found.set(name, value);
    next = place + 1;
    rest = rest.slice(1);
  }
  const [title, ...resources] = rest;
  const isWhole =
    title === undefined || (title === "Resources:" && resources.every((each) => /^- [!-~]+$/.test(each)));
  return isWhole ? found : null;
}
