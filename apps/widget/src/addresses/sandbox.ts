/** The sandbox's test addresses: the only ones that can be typed there (docs/connect.md, "Sandbox"). */

export const TEST_ADDRESSES: Readonly<Record<string, string>> = {
  ethereum: "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa",
  solana: "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1",
};
