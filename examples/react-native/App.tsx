/** The app: connect accounts, see what is in them, disconnect. */

import { KryptosConnectButton, KryptosConnectProvider } from "@kryptos_connect/mobile-sdk";
import { type ReactNode, useState } from "react";
import {
  ActivityIndicator,
  FlatList,
  Platform,
  Pressable,
  StatusBar,
  StyleSheet,
  Text,
  useColorScheme,
  View,
} from "react-native";

import { sayMoney, sayQuantity } from "./src/amounts";
import { createLinkToken, disconnect, exchangeToken, type Holding, type Portfolio } from "./src/backend";
import { usePortfolio } from "./src/usePortfolio";

const LOOKS = {
  light: {
    page: "#f6f7fb",
    card: "#ffffff",
    ink: "#16181d",
    soft: "#5b6270",
    line: "#e2e5ec",
    error: "#b91c1c",
  },
  dark: {
    page: "#101218",
    card: "#181b23",
    ink: "#f1f2f6",
    soft: "#a3a9b8",
    line: "#2c313d",
    error: "#f87171",
  },
};

export function App() {
  const theme = useColorScheme() === "dark" ? "dark" : "light";
  const look = LOOKS[theme];
  const { known, failure, isAsking, refresh } = usePortfolio();
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (work: () => Promise<unknown>) => {
    setProblem(null);
    await work().catch((error: Error) => setProblem(error.message));
    await refresh();
  };
  const portfolio = known?.portfolio.isConnected ? known.portfolio : null;
  const said = problem ?? failure;

  return (
    <FlatList
      style={{ backgroundColor: look.page }}
      contentContainerStyle={styles.page}
      contentInsetAdjustmentBehavior="automatic"
      refreshing={isAsking && known !== null && !portfolio?.isReading}
      onRefresh={() => void attempt(async () => undefined)}
      data={portfolio?.holdings ?? []}
      keyExtractor={({ asset }) => `${asset.chainId} ${asset.contractAddress ?? asset.tokenId}`}
      renderItem={({ item }) => <Row holding={item} look={look} />}
      ListEmptyComponent={
        portfolio && <Text style={[styles.body, { color: look.soft }]}>{emptyText(portfolio)}</Text>
      }
      ListHeaderComponent={
        <View style={styles.part}>
          <StatusBar barStyle={theme === "dark" ? "light-content" : "dark-content"} />
          <Text role="heading" style={[styles.title, { color: look.ink }]}>
            {portfolio ? worthOf(portfolio) : "All your crypto in one place"}
          </Text>
          {!known && !said && <ActivityIndicator size="large" />}
          {said && (
            <Text role="alert" style={[styles.body, { color: look.error }]}>
              {said} Pull down to try again.
            </Text>
          )}
          {portfolio?.isReading && <Text style={{ color: look.soft }}>Your accounts are being read …</Text>}
          {portfolio?.shortfalls.map(({ walletId, message }) => (
            <Text key={walletId} role="alert" style={[styles.body, { color: look.error }]}>
              {message ?? "Not everything could be read, so what is shown may be incomplete."}
            </Text>
          ))}
        </View>
      }
      ListFooterComponent={
        known && (
          <KryptosConnectProvider config={{ appName: "Demo app", ...known.config, theme }}>
            <View style={styles.part}>
              <KryptosConnectButton
                generateLinkToken={createLinkToken}
                onSuccess={(userConsent) =>
                  // Null means a returning person: the access token that the backend holds stays the one.
                  void attempt(async () => userConsent && (await exchangeToken(userConsent.public_token)))
                }
                onError={(error) => {
                  // Closing the widget is an outcome, and no error to speak of.
                  if (!("code" in error && error.code === "USER_EXIT")) setProblem(error.message);
                }}
              >
                {portfolio ? "Connect another account" : "Connect your accounts"}
              </KryptosConnectButton>
              {portfolio && (
                <Pressable role="button" style={styles.quiet} onPress={() => void attempt(disconnect)}>
                  <Text style={[styles.strong, { color: look.ink }]}>Disconnect</Text>
                </Pressable>
              )}
            </View>
          </KryptosConnectProvider>
        )
      }
    />
  );
}

interface RowProps {
  readonly holding: Holding;
  readonly look: (typeof LOOKS)["light"];
}

function Row({ holding: { asset, totalQuantity, marketValue, baseCurrency }, look }: RowProps): ReactNode {
  return (
    <View style={[styles.row, { backgroundColor: look.card, borderColor: look.line }]}>
      <View style={styles.name}>
        <Text style={[styles.strong, { color: look.ink }]}>{asset.publicName}</Text>
        <Text style={{ color: look.soft }}>{`${sayQuantity(totalQuantity)} ${asset.symbol}`}</Text>
      </View>
      <Text style={[styles.strong, { color: look.ink }]}>
        {marketValue === null ? "no price" : sayMoney(marketValue, baseCurrency)}
      </Text>
    </View>
  );
}

function worthOf({ summary }: Portfolio): string {
  return summary.totalValue === null ? "Value unknown" : sayMoney(summary.totalValue, summary.baseCurrency);
}

/** An empty list with a shortfall is not an empty account. */
function emptyText({ isReading, shortfalls }: Portfolio): string {
  if (isReading) return "Nothing found yet. Your accounts are still being read.";
  if (shortfalls.length > 0) return "Nothing can be shown: what is in the accounts could not be read.";
  return "There is nothing in the connected accounts.";
}

const styles = StyleSheet.create({
  page: {
    flexGrow: 1,
    gap: 8,
    paddingHorizontal: 20,
    // Android draws below its bars; iOS makes room by itself.
    paddingTop: 24 + (Platform.OS === "android" ? (StatusBar.currentHeight ?? 0) : 0),
    paddingBottom: 64,
  },
  part: { gap: 14, paddingVertical: 8 },
  title: { fontSize: 34, lineHeight: 40, fontWeight: "700" },
  body: { fontSize: 16, lineHeight: 23 },
  strong: { fontSize: 16, lineHeight: 22, fontWeight: "600" },
  row: { flexDirection: "row", alignItems: "center", gap: 12, padding: 14, borderWidth: 1, borderRadius: 14 },
  name: { flex: 1 },
  quiet: { minHeight: 48, alignItems: "center", justifyContent: "center" },
});
