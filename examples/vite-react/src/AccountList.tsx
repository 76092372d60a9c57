/** The connected accounts, and how far each has been read. */

import type { Account, Portfolio } from "./backend.js";

const WORDS: Readonly<Record<string, string>> = {
  active: "waiting to be read",
  ONGOING: "being read",
  COMPLETED: "read",
  "PARTIALLY SYNCED": "read in part",
  FAILED: "could not be read",
};

export function AccountList({ portfolio: { accounts } }: { readonly portfolio: Portfolio }) {
  if (accounts.length === 0) return null;
  return (
    <section className="card" aria-labelledby="accounts">
      <h2 id="accounts">Connected accounts</h2>
      <ul className="accounts">
        {accounts.map((account) => (
          <li key={account.walletId}>
            <strong>{account.alias ?? account.providerPublicName}</strong>
            {account.publicAddress && (
              <code title={account.publicAddress}>{shortened(account.publicAddress)}</code>
            )}
            <span className="quiet-text">{WORDS[account.status] ?? account.status}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function shortened(address: NonNullable<Account["publicAddress"]>): string {
  return address.length > 16 ? `${address.slice(0, 8)}…${address.slice(-6)}` : address;
}
