/** The first moments: something is being asked, and nothing is known yet. */

import { ActivityIndicator, StyleSheet, View } from "react-native";

import { useLook } from "./look";
import { Words } from "./Words";

export function Waiting({ children }: { readonly children: string }) {
  const { accentInk } = useLook();
  return (
    <View role="status" style={styles.waiting}>
      <ActivityIndicator color={accentInk} size="large" />
      <Words voice="quiet">{children}</Words>
    </View>
  );
}

const styles = StyleSheet.create({
  waiting: { alignItems: "center", gap: 14, paddingVertical: 96 },
});
