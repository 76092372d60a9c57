/** Only sign-in messages are read as such, to the letter. */

import { expect, test } from "vitest";
import { readSignInMessage } from "../src/index.js";
import { EVM_MESSAGE, SOLANA_MESSAGE } from "./messages.js";

test("an EIP-4361 message is read", () => {
  expect(readSignInMessage(EVM_MESSAGE)).toMatchObject({
    family: "evm",
    domain: "app.example:8443",
    address: "0x47c2e31E9cE22437bCf6313d2B9E98245A7bfcfA",
    statement: "Prove that this account is yours.",
  });
});

test("an EIP-4361 message without a statement has both blank lines", () => {
  const text = EVM_MESSAGE.replace("Prove that this account is yours.\n", "");
  expect(readSignInMessage(text)?.statement).toBeUndefined();
  expect(readSignInMessage(text)?.fields.get("Chain ID")).toBe("1");
  expect(readSignInMessage(text.replace("\n\n\n", "\n\n"))).toBeNull();
});

test("an SIWS message is read, with and without a statement", () => {
  expect(readSignInMessage(SOLANA_MESSAGE)?.family).toBe("solana");
  const text = SOLANA_MESSAGE.replace("\n\nProve that this account is yours.", "");
  expect(readSignInMessage(text)).toMatchObject({ family: "solana", statement: undefined });
});

test("resources may follow", () => {
  expect(readSignInMessage(`${EVM_MESSAGE}\nResources:\n- https://app.example/terms`)).not.toBeNull();
  expect(readSignInMessage(`${EVM_MESSAGE}\nResources:\nhttps://app.example/terms`)).toBeNull();
});

const HEX = "0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

test.each([
  ["a transaction's hash", HEX],
  ["another text", "Log in to app.example"],
  ["nothing", ""],
  ["a text before it", `Hello\n${EVM_MESSAGE}`],
  ["a text after it", `${EVM_MESSAGE}\nAnd I give away everything.`],
  ["a line break after it", `${EVM_MESSAGE}\n`],
  ["no nonce", EVM_MESSAGE.replace(/\nNonce: .*/, "")],
  ["no chain", EVM_MESSAGE.replace(/\nChain ID: .*/, "")],
  ["no time", SOLANA_MESSAGE.replace(/\nIssued At: .*/, "")],
  ["two nonces", EVM_MESSAGE.replace(/\nNonce: (.*)/, "\nNonce: $1\nNonce: $1")],
  [
    "another order",
    EVM_MESSAGE.replace(
      "URI: https://app.example:8443\nVersion: 1",
      "Version: 1\nURI: https://app.example:8443",
    ),
  ],
  ["a field of its own", EVM_MESSAGE.replace("\nNonce", "\nSpender: x\nNonce")],
  [
    "a user in the domain",
    EVM_MESSAGE.replace("app.example:8443 wants", "app.example:8443@evil.example wants"),
  ],
  ["a scheme", `https://${EVM_MESSAGE}`],
  ["a hidden letter", EVM_MESSAGE.replace("Prove", "Prove\u202e")],
  ["Windows line breaks", EVM_MESSAGE.replaceAll("\n", "\r\n")],
  ["more than 4096 letters", EVM_MESSAGE.replace("Prove", "P".repeat(4096))],
])("%s is none", (_, text) => expect(readSignInMessage(text)).toBeNull());
