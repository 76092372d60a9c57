/** Text in the app's voices. */

import type { ReactNode } from "react";
import { type StyleProp, StyleSheet, Text, type TextProps, type TextStyle } from "react-native";

import { useLook } from "./look";

const VOICES = StyleSheet.create({
  title: { fontSize: 34, lineHeight: 40, fontWeight: "700", letterSpacing: -0.5 },
  heading: { fontSize: 17, lineHeight: 24, fontWeight: "600" },
  body: { fontSize: 16, lineHeight: 23 },
  strong: { fontSize: 16, lineHeight: 22, fontWeight: "600" },
  quiet: { fontSize: 14, lineHeight: 20 },
});

interface WordsProps extends TextProps {
  readonly voice?: keyof typeof VOICES;
  readonly children: ReactNode;
  readonly style?: StyleProp<TextStyle>;
}

export function Words({ voice = "body", style, ...rest }: WordsProps) {
  const look = useLook();
  return (
    <Text
      role={voice === "title" || voice === "heading" ? "heading" : undefined}
      {...rest}
      style={[VOICES[voice], { color: voice === "quiet" ? look.soft : look.ink }, style]}
    />
  );
}
