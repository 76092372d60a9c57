/** The connected accounts, and how far each has been read. */

import { StyleSheet, View } from "react-native";

import type { Account, Portfolio } from "./backend";
import { Card } from "./ui/Card";
import { Words } from "./ui/Words";

const STATUSES: Readonly<Record<string, string>> = {
  active: "waiting to be read",
  ONGOING: "being read",
  COMPLETED: "read",
  "PARTIALLY SYNCED": "read in part",
  FAILED: "could not be read",
};

export function Accounts({ portfolio: { accounts } }: { readonly portfolio: Portfolio }) {
  if (accounts.length === 0) return null;
  return (
    <Card title="Connected accounts">
      {accounts.map((account) => (
        <View key={account.walletId} style={styles.row}>
          <View style={styles.name}>
            <Words voice="strong">{account.alias ?? account.providerPublicName}</Words>
            {account.publicAddress && <Words voice="quiet">{shortened(account.publicAddress)}</Words>}
          </View>
          <Words voice="quiet">{STATUSES[account.status] ?? account.status}</Words>
        </View>
      ))}
    </Card>
  );
}

function shortened(address: NonNullable<Account["publicAddress"]>): string {
  return address.length > 16 ? `${address.slice(0, 8)}…${address.slice(-6)}` : address;
}

const styles = StyleSheet.create({
  row: { flexDirection: "row", alignItems: "center", gap: 12, minHeight: 56, paddingVertical: 6 },
  name: { flex: 1 },
});
