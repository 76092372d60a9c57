/** What is held: assets, quantities, values; and in words what could not be read. */

import { sayMoney, sayQuantity } from "./amounts.js";
import type { Holding, Portfolio } from "./backend.js";

export function HoldingsTable({ portfolio }: { readonly portfolio: Portfolio }) {
  const { holdings, shortfalls, isReading } = portfolio;
  return (
    <section className="card" aria-label="Holdings">
      {shortfalls.map((shortfall) => (
        <p key={shortfall.walletId} className="notice warning">
          {nameOf(shortfall.walletId, portfolio)}:{" "}
          {shortfall.message ?? "not everything could be read, so what is shown may be incomplete."}
        </p>
      ))}
      {holdings.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th scope="col">Asset</th>
              <th scope="col">Quantity</th>
              <th scope="col" className="price">
                Price
              </th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {holdings.map((holding) => (
              <Row key={keyOf(holding)} holding={holding} />
            ))}
          </tbody>
        </table>
      ) : (
        <p className="empty">{emptyText(isReading, shortfalls.length > 0)}</p>
      )}
    </section>
  );
}

function Row({
  holding: { asset, totalQuantity, marketPrice, marketValue, baseCurrency },
}: {
  holding: Holding;
}) {
  return (
    <tr>
      <th scope="row">
        <span className="asset">
          {asset.logoUrl ? (
            <img src={asset.logoUrl} alt="" width="28" height="28" />
          ) : (
            <span className="no-logo" />
          )}
          <span>
            {asset.symbol} <small>{asset.publicName}</small>
          </span>
        </span>
      </th>
      <td>{sayQuantity(totalQuantity)}</td>
      <td className="price">{marketPrice === null ? "unknown" : sayMoney(marketPrice, baseCurrency)}</td>
      <td>{marketValue === null ? "unknown" : sayMoney(marketValue, baseCurrency)}</td>
    </tr>
  );
}

/** An empty list with a shortfall is not an empty account. */
function emptyText(isReading: boolean, hasShortfalls: boolean): string {
  if (isReading) return "Nothing found yet. Your accounts are still being read.";
  if (hasShortfalls) return "Nothing can be shown: what is in the accounts could not be read.";
  return "There is nothing in the connected accounts.";
}

function nameOf(walletId: string, { accounts }: Portfolio): string {
  const account = accounts.find((each) => each.walletId === walletId);
  return account ? (account.alias ?? account.providerPublicName) : "An account";
}

const keyOf = ({ asset }: Holding) => `${asset.chainId} ${asset.contractAddress ?? asset.tokenId}`;
