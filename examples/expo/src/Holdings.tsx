/** What is held: assets, quantities, values; and in words what could not be read. */

import { Image, StyleSheet, View } from "react-native";

import { sayMoney, sayQuantity } from "./amounts";
import type { Holding, Portfolio } from "./backend";
import { Card } from "./ui/Card";
import { useLook } from "./ui/look";
import { Notice } from "./ui/Notice";
import { Words } from "./ui/Words";

const BEING_READ: readonly string[] = ["active", "ONGOING"];

export function Holdings({ portfolio }: { readonly portfolio: Portfolio }) {
  const { holdings, isReading } = portfolio;
  // Of an account that is being read just now, something is missing still: that is said above.
  const shortfalls = portfolio.shortfalls.filter(({ status }) => !BEING_READ.includes(status));
  return (
    <>
      {shortfalls.map((shortfall) => (
        <Notice key={shortfall.walletId} kind="warning">
          {nameOf(shortfall.walletId, portfolio)}:{" "}
          {shortfall.message ?? "not everything could be read, so what is shown may be incomplete."}
        </Notice>
      ))}
      <Card title="Holdings">
        {holdings.map((holding) => (
          <Row key={keyOf(holding)} holding={holding} />
        ))}
        {holdings.length === 0 && (
          <Words voice="quiet" style={styles.empty}>
            {emptyText(isReading, shortfalls.length > 0)}
          </Words>
        )}
      </Card>
    </>
  );
}

function Row({
  holding: { asset, totalQuantity, marketValue, baseCurrency },
}: {
  readonly holding: Holding;
}) {
  return (
    <View style={styles.row}>
      <Logo symbol={asset.symbol} address={asset.logoUrl} />
      <View style={styles.name}>
        <Words voice="strong" numberOfLines={1}>
          {asset.publicName}
        </Words>
        <Words voice="quiet">{`${sayQuantity(totalQuantity)} ${asset.symbol}`}</Words>
      </View>
      {marketValue === null ? (
        <Words voice="quiet">no price</Words>
      ) : (
        <Words voice="strong" style={styles.value}>
          {sayMoney(marketValue, baseCurrency)}
        </Words>
      )}
    </View>
  );
}

/** The catalogue's logos are SVG, which phones do not draw without a library for it: then the letter stays. */
function Logo({ symbol, address }: { readonly symbol: string; readonly address: string | null }) {
  const look = useLook();
  return (
    <View style={[styles.logo, { backgroundColor: look.line }]} aria-hidden>
      <Words voice="strong" style={{ color: look.soft }}>
        {symbol.slice(0, 1)}
      </Words>
      {address && <Image source={{ uri: address }} style={styles.picture} />}
    </View>
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

const styles = StyleSheet.create({
  row: { flexDirection: "row", alignItems: "center", gap: 12, minHeight: 64, paddingVertical: 8 },
  name: { flex: 1 },
  value: { fontVariant: ["tabular-nums"] },
  logo: {
    width: 40,
    height: 40,
    borderRadius: 20,
    overflow: "hidden",
    alignItems: "center",
    justifyContent: "center",
  },
  picture: { position: "absolute", width: 40, height: 40 },
  empty: { paddingVertical: 28, textAlign: "center" },
});
