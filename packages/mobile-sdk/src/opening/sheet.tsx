/** What covers the app while the widget is open: the page, and our own words where there is none. */

import * as React from "react";
import { type ReactElement, type ReactNode, useEffect, useReducer } from "react";
import {
  ActivityIndicator,
  Dimensions,
  KeyboardAvoidingView,
  Modal,
  Platform,
  StyleSheet,
  Text,
  TouchableOpacity,
  View,
} from "react-native";
import { type Colours, coloursOf, useIsDark } from "../look.js";
import { type Texts, textsIn } from "../texts.js";
import type { Opening, OpeningState } from "./opening.js";
import { Page } from "./page.js";

const TITLE = "Kryptos Connect";

export function Sheet({ opening }: { readonly opening: Opening }): ReactElement {
  const state = useOpeningState(opening);
  const isDark = useIsDark(opening.settings.theme);
  const colours = coloursOf(opening.look, isDark);
  const texts = textsIn(opening.language);
  const isShown = state.screen === "shown" || state.screen === "blocked";
  return (
    <Modal
      visible
      animationType="slide"
      {...(Platform.OS === "ios" && { presentationStyle: "pageSheet" as const })}
      onRequestClose={opening.back}
      onDismiss={opening.close}
    >
      <KeyboardAvoidingView
        behavior={behaviour()}
        style={[styles.sheet, { backgroundColor: colours.background, paddingTop: statusBar() }]}
      >
        {state.screen !== "shown" && <Header texts={texts} colours={colours} onClose={opening.close} />}
        <View style={styles.body}>
          {state.address !== null && (
            <View
              style={styles.page}
              accessibilityElementsHidden={!isShown}
              importantForAccessibility={isShown ? "auto" : "no-hide-descendants"}
            >
              <Page key={state.attempt} opening={opening} address={state.address} title={TITLE} />
            </View>
          )}
          {!isShown && (
            <View style={[styles.cover, { backgroundColor: colours.background }]}>
              <Instead opening={opening} state={state} texts={texts} colours={colours} />
            </View>
          )}
        </View>
      </KeyboardAvoidingView>
    </Modal>
  );
}

function useOpeningState(opening: Opening): OpeningState {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const state = opening.state();
  useEffect(() => {
    if (opening.state() !== state) redraw();
    return opening.subscribe(redraw);
  }, [opening, state]);
  return state;
}

interface Dress {
  readonly texts: Texts;
  readonly colours: Colours;
}

function Header({ texts, colours, onClose }: Dress & { readonly onClose: () => void }): ReactElement {
  return (
    <View style={styles.header}>
      <TouchableOpacity
        accessibilityRole="button"
        accessibilityLabel={texts.close}
        onPress={onClose}
        style={styles.close}
      >
        <Text style={[styles.cross, { color: colours.text }]}>×</Text>
      </TouchableOpacity>
    </View>
  );
}

/** What stands where the page is not. */
function Instead({
  opening,
  state,
  ...dress
}: Dress & { opening: Opening; state: OpeningState }): ReactElement {
  const { texts, colours } = dress;
  switch (state.screen) {
    case "offline":
    case "unreachable":
      return (
        <Notice {...dress} words={texts[state.screen]}>
          <Action {...dress} label={texts.retry} onPress={opening.retry} isPrimary />
        </Notice>
      );
    case "browser":
      return (
        <Notice {...dress} words={state.isInterrupted ? texts.stillWaiting : texts.waiting}>
          <ActivityIndicator color={colours.text} style={styles.spinner} />
          <Action {...dress} label={texts.openAgain} onPress={opening.openBrowserAgain} isPrimary />
          <Action {...dress} label={texts.cancel} onPress={opening.close} />
        </Notice>
      );
    default:
      return (
        <View
          style={styles.instead}
          accessible
          accessibilityRole="progressbar"
          accessibilityLabel={texts.loading}
        >
          <ActivityIndicator color={colours.text} size="large" />
        </View>
      );
  }
}

function Notice({ words, colours, children }: Dress & { words: string; children: ReactNode }): ReactElement {
  return (
    <View style={styles.instead}>
      <Text
        accessibilityRole="alert"
        accessibilityLiveRegion="polite"
        style={[styles.words, { color: colours.text }]}
      >
        {words}
      </Text>
      {children}
    </View>
  );
}

interface ActionProps extends Dress {
  readonly label: string;
  readonly isPrimary?: boolean;
  readonly onPress: () => void;
}

function Action({ label, colours, isPrimary, onPress }: ActionProps): ReactElement {
  const dress = isPrimary ? { backgroundColor: colours.primary, borderRadius: colours.radius } : {};
  return (
    <TouchableOpacity
      accessibilityRole="button"
      accessibilityLabel={label}
      onPress={onPress}
      style={[styles.action, dress]}
    >
      <Text style={[styles.label, { color: isPrimary ? colours.primaryText : colours.text }]}>{label}</Text>
    </TouchableOpacity>
  );
}

/** Where the window itself does not make room for the keyboard: iOS, and Android that draws from edge to edge. */
function behaviour(): "padding" | undefined {
  return Platform.OS === "ios" || isEdgeToEdge() ? "padding" : undefined;
}

function isEdgeToEdge(): boolean {
  return Platform.OS === "android" && Number(Platform.Version) >= 35;
}

/** What the status bar covers: a sheet of iOS 13 begins below it, before that it fills the screen. */
function statusBar(): number {
  if (Platform.OS !== "ios" || Number.parseInt(String(Platform.Version), 10) >= 13) return 0;
  const { height, width } = Dimensions.get("window");
  return Math.max(height, width) >= 812 ? 44 : 20;
}

const styles = StyleSheet.create({
  action: {
    justifyContent: "center",
    minHeight: 48,
    minWidth: 200,
    paddingHorizontal: 20,
    paddingVertical: 10,
  },
  body: { flex: 1 },
  close: { alignItems: "center", height: 44, justifyContent: "center", width: 44 },
  cover: { bottom: 0, left: 0, position: "absolute", right: 0, top: 0 },
  cross: { fontSize: 28, lineHeight: 32 },
  header: { alignItems: "flex-end", minHeight: 44, paddingHorizontal: 4 },
  instead: { alignItems: "center", flex: 1, justifyContent: "center", padding: 24 },
  label: { fontSize: 16, fontWeight: "600", textAlign: "center" },
  page: { flex: 1 },
  sheet: { flex: 1 },
  spinner: { marginBottom: 24 },
  words: { fontSize: 16, lineHeight: 24, marginBottom: 24, maxWidth: 360, textAlign: "center" },
});
