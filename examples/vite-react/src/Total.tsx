/** What everything is worth, as far as prices are known. */

import { sayMoney } from "./amounts.js";
import type { Portfolio } from "./backend.js";

export function Total({ portfolio: { summary, isReading } }: { readonly portfolio: Portfolio }) {
  return (
    <div>
      <h1>Your portfolio</h1>
      <p className="total">
        {summary.totalValue === null ? "Value unknown" : sayMoney(summary.totalValue, summary.baseCurrency)}
      </p>
      <p className="quiet-text" role="status">
        {isReading ? "Your accounts are being read …" : "Up to date"}
        {summary.unpricedHoldings > 0 &&
          ` · ${summary.unpricedHoldings} without a price, not part of the total`}
      </p>
    </div>
  );
}
