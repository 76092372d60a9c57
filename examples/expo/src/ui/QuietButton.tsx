/** A button beside the main one. */

import { Pressable, StyleSheet } from "react-native";

import { useLook } from "./look";
import { Words } from "./Words";

interface QuietButtonProps {
  readonly children: string;
  readonly onPress: () => void;
  readonly disabled?: boolean;
}

export function QuietButton({ children, onPress, disabled = false }: QuietButtonProps) {
  const look = useLook();
  return (
    <Pressable
      role="button"
      disabled={disabled}
      onPress={onPress}
      style={({ pressed }) => [
        styles.button,
        { borderColor: look.line, backgroundColor: look.card, opacity: pressed || disabled ? 0.6 : 1 },
      ]}
    >
      <Words voice="strong">{children}</Words>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  button: {
    minHeight: 48,
    justifyContent: "center",
    alignItems: "center",
    paddingHorizontal: 18,
    borderWidth: 1,
    borderRadius: 14,
  },
});
