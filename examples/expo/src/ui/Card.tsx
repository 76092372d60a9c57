/** A group of things on a surface of its own. */

import type { ReactNode } from "react";
import { StyleSheet, View } from "react-native";

import { useLook } from "./look";
import { Words } from "./Words";

export function Card({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  const look = useLook();
  return (
    <View
      role="region"
      aria-label={title ?? ""}
      style={[styles.card, { backgroundColor: look.card, borderColor: look.line }]}
    >
      {title && (
        <Words voice="heading" style={styles.title}>
          {title}
        </Words>
      )}
      {children}
    </View>
  );
}

const styles = StyleSheet.create({
  card: { borderWidth: 1, borderRadius: 18, paddingHorizontal: 16, paddingVertical: 8 },
  title: { paddingTop: 6, paddingBottom: 2 },
});
