/** The button that opens the widget. */

import * as React from "react";
import { Children, type ReactElement, type ReactNode, useContext, useState } from "react";
import {
  type StyleProp,
  StyleSheet,
  Text,
  type TextStyle,
  TouchableOpacity,
  type TouchableOpacityProps,
  type ViewStyle,
} from "react-native";
import { coloursOf, lookOf, readableOn, useIsDark } from "./look.js";
import type { Opening } from "./opening/opening.js";
import { Sheet } from "./opening/sheet.js";
import { ConfigContext } from "./provider.js";
import { initialSettings } from "./settings.js";
import { type KryptosConnectOptions, useOpening } from "./use-kryptos-connect.js";

/** Anything else that a `TouchableOpacity` takes is handed on to it. */
export interface KryptosConnectButtonProps
  extends KryptosConnectOptions,
    Omit<TouchableOpacityProps, keyof KryptosConnectOptions | "onPress" | "children" | "style"> {
  /** Default `buttonLabel`. */
  readonly children?: ReactNode;
  /** Default "Connect to Kryptos". */
  readonly buttonLabel?: string | undefined;
  /** The least height; default 56. */
  readonly buttonHeight?: number | undefined;
  /** Its `backgroundColor` wins over `--kc-primary`. */
  readonly style?: StyleProp<ViewStyle>;
  readonly textStyle?: StyleProp<TextStyle>;
}

/** What a finger hits surely. */
const LEAST_TOUCH = 44;

export function KryptosConnectButton(props: KryptosConnectButtonProps): ReactElement {
  const {
    generateLinkToken,
    onConnectSuccess,
    onConnectError,
    onSuccess,
    onError,
    onEvent,
    integrationName,
    extraConfig,
    baseUrl,
    buttonLabel = "Connect to Kryptos",
    buttonHeight = 56,
    children = buttonLabel,
    style,
    textStyle,
    ...rest
  } = props;
  const [shown, setShown] = useState<Opening | null>(null);
  const { open } = useOpening(props, { show: setShown, isOwn: true });
  const config = useContext(ConfigContext);
  const settings = config ?? initialSettings() ?? {};
  const isDark = useIsDark(settings.theme);
  const colours = coloursOf(lookOf(settings, config !== null), isDark);
  const own = StyleSheet.flatten(style)?.backgroundColor;
  const slop = Math.max(0, (LEAST_TOUCH - buttonHeight) / 2);
  const isText = Children.toArray(children).every((each) => typeof each !== "object");
  const colour = own === undefined || colours.isTextGiven ? colours.primaryText : readableOn(own);
  return (
    <>
      <TouchableOpacity
        accessibilityRole="button"
        hitSlop={{ top: slop, bottom: slop }}
        {...rest}
        onPress={open}
        style={[
          styles.button,
          { backgroundColor: colours.primary, borderRadius: colours.radius, minHeight: buttonHeight },
          style,
        ]}
      >
        {isText ? <Text style={[styles.text, { color: colour }, textStyle]}>{children}</Text> : children}
      </TouchableOpacity>
      {shown && <Sheet opening={shown} />}
    </>
  );
}

const styles = StyleSheet.create({
  button: { alignItems: "center", justifyContent: "center", paddingHorizontal: 20 },
  text: { fontSize: 16, fontWeight: "600", textAlign: "center" },
});
