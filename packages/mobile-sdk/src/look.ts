/** The look of button, sheet and widget: the app's own `--kc-…` variables, and what of them a phone can draw. */

import {
  PROVIDER_DARK,
  PROVIDER_LIGHT,
  readThemeValues,
  type Theme,
  textColourOn,
} from "@kryptos_connect/connect-core";
import { useEffect, useState } from "react";
import { Appearance, type ColorValue, processColor } from "react-native";
import type { KryptosConnectConfig } from "./settings.js";

type Values = Readonly<Record<string, string>>;

export interface Look {
  /** Variables of the light theme, and of the dark one, for the widget. */
  readonly light: Values;
  readonly dark: Values;
}

/** Read the look; settings win over the defaults of the provider. */
export function lookOf({ cssVars }: Partial<KryptosConnectConfig>, isFirstGeneration: boolean): Look {
  const own = readThemeValues((name) => cssVars?.[name]);
  if (!isFirstGeneration) return { light: own, dark: own };
  return { light: { ...PROVIDER_LIGHT, ...own }, dark: { ...PROVIDER_DARK, ...own } };
}

export interface Colours {
  readonly primary: ColorValue;
  readonly primaryText: ColorValue;
  /** Whether the app says what `primaryText` is. */
  readonly isTextGiven: boolean;
  readonly background: ColorValue;
  readonly text: ColorValue;
  readonly radius: number;
}

/** The colours of what is drawn here; a value that only a browser understands is passed over. */
export function coloursOf(look: Look, isDark: boolean): Colours {
  const values = isDark ? look.dark : look.light;
  const drawable = (name: string): string | undefined => {
    const value = values[name];
    return value !== undefined && rgbOf(value) ? value : undefined;
  };
  const colour = (name: string, otherwise: string): string => drawable(name) ?? otherwise;
  const primary = colour("--kc-primary", "#00c693");
  return {
    primary,
    primaryText: colour("--kc-primary-text", readableOn(primary)),
    isTextGiven: drawable("--kc-primary-text") !== undefined,
    background: colour("--kc-bg-primary", isDark ? "#0a0a0a" : "#ffffff"),
    text: colour("--kc-text-primary", isDark ? "#f6f6f8" : "#1f2937"),
    radius: Number.parseFloat(values["--kc-border-radius"] ?? "8") || 0,
  };
}

/** Black or white, whichever is read better; white on a colour that cannot be looked into (the platform's own). */
export function readableOn(background: ColorValue): string {
  const rgb = rgbOf(background);
  return rgb ? textColourOn(rgb) : "#ffffff";
}

function rgbOf(colour: ColorValue): readonly [number, number, number] | undefined {
  const number = processColor(colour);
  if (typeof number !== "number") return undefined;
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

/** React Native has it since 0.62; before, `"auto"` is light. */
const appearance = Appearance as typeof Appearance | undefined;

/** Whether it is dark now; with `"auto"` in step with the system. */
export function useIsDark(theme: Theme | undefined): boolean {
  const [system, setSystem] = useState(() => appearance?.getColorScheme());
  useEffect(() => {
    if (theme !== "auto" || !appearance) return undefined;
    setSystem(appearance.getColorScheme());
    const listener = (now: { readonly colorScheme?: unknown }): void =>
      setSystem(now.colorScheme as ReturnType<typeof appearance.getColorScheme>);
    const listening = appearance.addChangeListener(listener) as { remove(): void } | undefined;
    const earlier = appearance as unknown as { removeChangeListener?(listener: unknown): void };
    return () => (listening ? listening.remove() : earlier.removeChangeListener?.(listener));
  }, [theme]);
  return theme === "auto" ? system === "dark" : theme === "dark";
}
