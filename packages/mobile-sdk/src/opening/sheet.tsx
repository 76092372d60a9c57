/** What covers the app while the widget is open: the page, and our own words where there is none. */

import * as React from "react";
import { type ReactElement, type ReactNode, useEffect, useReducer, useState } from "react";
import {
  AccessibilityInfo,
  ActivityIndicator,
  Dimensions,
  KeyboardAvoidingView,
  Modal,
  type ModalProps,
  Platform,
  StatusBar,
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
const ORIENTATIONS: ModalProps["supportedOrientations"] = [
  "portrait",
  "portrait-upside-down",
  "landscape",
  "landscape-left",
  "landscape-right",
];

export function Sheet({ opening }: { readonly opening: Opening }): ReactElement {
  const state = useOpeningState(opening);
  const isDark = useIsDark(opening.settings.theme);
  const [isEdgeToEdge, setIsEdgeToEdge] = useState(false);
  const colours = coloursOf(opening.look, isDark);
  const texts = textsIn(opening.language);
  const isShown = state.screen === "shown" || state.screen === "blocked";
  const insets = insetsOf(isEdgeToEdge);
  return (
    <Modal
      visible
      animationType="slide"
      {...(Platform.OS === "ios" && { presentationStyle: "pageSheet" as const })}
      supportedOrientations={ORIENTATIONS}
      onRequestClose={opening.back}
      onDismiss={opening.close}
    >
      <KeyboardAvoidingView
        // Elsewhere the window itself makes room for the keyboard.
        {...((Platform.OS === "ios" || isEdgeToEdge) && { behavior: "padding" as const })}
        onLayout={({ nativeEvent }) => setIsEdgeToEdge(coversScreen(nativeEvent.layout.height))}
        style={[styles.fill, { backgroundColor: colours.background }]}
      >
        <View style={[styles.fill, insets]} accessibilityViewIsModal>
          {state.screen !== "shown" && <Header texts={texts} colours={colours} onClose={opening.close} />}
          <View style={styles.fill}>
            {state.address !== null && state.screen !== "stopped" && (
              <View
                style={styles.fill}
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
    case "stopped":
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
  useEffect(() => {
    if (Platform.OS === "ios") AccessibilityInfo.announceForAccessibility(words); // Android has live regions
  }, [words]);
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

/** Whether Android draws the sheet below its bars, as from version 15 on it may. */
function coversScreen(height: number): boolean {
  return Platform.OS === "android" && height >= Dimensions.get("screen").height - 1;
}

interface Insets {
  readonly paddingTop: number;
  readonly paddingBottom: number;
}

/** Room for the system's bars, where a sheet has to leave it itself. */
function insetsOf(isEdgeToEdge: boolean): Insets {
  // Nothing tells the navigation bar's height: that of the one with buttons is enough for all.
  if (isEdgeToEdge) return { paddingTop: StatusBar.currentHeight ?? 24, paddingBottom: 48 };
  if (Platform.OS !== "ios" || Number.parseInt(String(Platform.Version), 10) >= 13) return NO_INSETS;
  // Before iOS 13 a sheet fills the screen; the tall ones have a notch.
  const { height, width } = Dimensions.get("window");
  return Math.max(height, width) >= 812
    ? { paddingTop: 44, paddingBottom: 34 }
    : { ...NO_INSETS, paddingTop: 20 };
}

const NO_INSETS: Insets = { paddingTop: 0, paddingBottom: 0 };

const styles = StyleSheet.create({
  action: {
    justifyContent: "center",
    minHeight: 48,
    minWidth: 200,
    paddingHorizontal: 20,
    paddingVertical: 10,
  },
  fill: { flex: 1 },
  close: { alignItems: "center", height: 44, justifyContent: "center", width: 44 },
  cover: { bottom: 0, left: 0, position: "absolute", right: 0, top: 0 },
  cross: { fontSize: 28, lineHeight: 32 },
  header: { alignItems: "flex-end", minHeight: 44, paddingHorizontal: 4 },
  instead: { alignItems: "center", flex: 1, justifyContent: "center", padding: 24 },
  label: { fontSize: 16, fontWeight: "600", textAlign: "center" },
  spinner: { marginBottom: 24 },
  words: { fontSize: 16, lineHeight: 24, marginBottom: 24, maxWidth: 360, textAlign: "center" },
});
