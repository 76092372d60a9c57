/** Lets a developer try all the ways of opening the widget. */

import { Pressable, StyleSheet, View } from "react-native";

import { Card } from "../ui/Card";
import { useLook } from "../ui/look";
import { Words } from "../ui/Words";
import { WAYS, type Way } from "./ways";

interface WayChooserProps {
  readonly chosen: Way;
  readonly choose: (way: Way) => void;
}

export function WayChooser({ chosen, choose }: WayChooserProps) {
  return (
    <Card title="For developers: how it opens">
      <View role="radiogroup" aria-label="How the widget opens">
        {WAYS.map((way) => (
          <Choice key={way.title} way={way} isChosen={way === chosen} choose={choose} />
        ))}
      </View>
    </Card>
  );
}

interface ChoiceProps {
  readonly way: Way;
  readonly isChosen: boolean;
  readonly choose: (way: Way) => void;
}

function Choice({ way, isChosen, choose }: ChoiceProps) {
  const look = useLook();
  const edge = isChosen ? look.accentInk : look.soft;
  return (
    <Pressable
      role="radio"
      aria-checked={isChosen}
      aria-label={way.title}
      onPress={() => choose(way)}
      style={styles.choice}
    >
      <View style={[styles.ring, { borderColor: edge }]}>
        {isChosen && <View style={[styles.dot, { backgroundColor: edge }]} />}
      </View>
      <View style={styles.words}>
        <Words voice="strong">{way.title}</Words>
        <Words voice="quiet">{way.words}</Words>
      </View>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  choice: { flexDirection: "row", alignItems: "center", gap: 14, minHeight: 60, paddingVertical: 8 },
  ring: {
    width: 22,
    height: 22,
    borderRadius: 11,
    borderWidth: 2,
    alignItems: "center",
    justifyContent: "center",
  },
  dot: { width: 10, height: 10, borderRadius: 5 },
  words: { flex: 1 },
});
