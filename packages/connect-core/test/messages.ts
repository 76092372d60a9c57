/** Sign-in messages as the server writes them. */

export const ADDRESS = "0x47c2e31E9cE22437bCf6313d2B9E98245A7bfcfA";
export const SOLANA_ADDRESS = "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1";

const FIELDS = (chain: string): string => `URI: https://app.example:8443
Version: 1
Chain ID: ${chain}
Nonce: abcdefgh12345678
Issued At: 2026-01-15T10:00:00Z
Expiration Time: 2026-01-15T10:10:00Z`;

export const EVM_MESSAGE = `app.example:8443 wants you to sign in with your Ethereum account:
${ADDRESS}

Prove that this account is yours.

${FIELDS("1")}`;

export const SOLANA_MESSAGE = `app.example:8443 wants you to sign in with your Solana account:
${SOLANA_ADDRESS}

Prove that this account is yours.

${FIELDS("mainnet")}`;
