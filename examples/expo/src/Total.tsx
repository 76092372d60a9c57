/** What everything is worth, as far as prices are known. */

import { StyleSheet, View } from "react-native";

import { sayMoney } from "./amounts";
import type { Portfolio } from "./backend";
import { Words } from "./ui/Words";

export function Total({ portfolio: { summary, isReading } }: { readonly portfolio: Portfolio }) {
  return (
    <View style={styles.total}>
      <Words voice="quiet">Your portfolio</Words>
      <Words voice="title" style={styles.value}>
        {summary.totalValue === null ? "Value unknown" : sayMoney(summary.totalValue, summary.baseCurrency)}
      </Words>
      <Words voice="quiet" role="status">
        {isReading ? "Your accounts are being read …" : "Up to date"}
        {summary.unpricedHoldings > 0 &&
          ` · ${summary.unpricedHoldings} without a price, not part of the total`}
      </Words>
    </View>
  );
}

const styles = StyleSheet.create({
  total: { paddingTop: 12, paddingBottom: 4 },
  value: { fontVariant: ["tabular-nums"] },
});
