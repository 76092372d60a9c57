/** Something to tell: a failure, a warning, a word. */

import type { ReactNode } from "react";
import { StyleSheet, View } from "react-native";

import { useLook } from "./look";
import { Words } from "./Words";

interface NoticeProps {
  readonly kind: "error" | "warning" | "word";
  readonly children: ReactNode;
  /** What can be done about it. */
  readonly action?: ReactNode;
}

export function Notice({ kind, children, action }: NoticeProps) {
  const look = useLook();
  const edge = { error: look.error, warning: look.warning, word: look.accentInk }[kind];
  return (
    <View
      role={kind === "error" ? "alert" : "note"}
      accessibilityLiveRegion="polite"
      style={[styles.notice, { backgroundColor: look.card, borderColor: look.line, borderStartColor: edge }]}
    >
      <Words>{children}</Words>
      {action}
    </View>
  );
}

const styles = StyleSheet.create({
  notice: {
    borderWidth: 1,
    borderStartWidth: 4,
    borderRadius: 12,
    padding: 14,
    gap: 10,
    alignItems: "flex-start",
  },
});
