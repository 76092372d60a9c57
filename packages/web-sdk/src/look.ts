/** The look of button, dialog and widget: the app's own `--kc-…` variables, as its stylesheets and settings give them. */

import { PROVIDER_DARK, PROVIDER_LIGHT, THEME_NAMES, type Theme } from "@kryptos_connect/connect-core";
import type { KryptosConnectConfig } from "./settings.js";

type Values = Readonly<Record<string, string | undefined>>;

export interface Look {
  readonly isDark: boolean;
  /** Variables of the light theme, and of the dark one. The widget checks their values. */
  readonly light: Record<string, string>;
  readonly dark: Record<string, string>;
}

/** What the person's system prefers, where the app leaves it to that. */
function system(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

function isDarkTheme(theme: Theme | undefined): boolean {
  return theme === "auto" ? system().matches : theme === "dark";
}

/** Read the look; settings win over stylesheets, stylesheets over the defaults of the provider. */
export function lookOf({ theme, cssVars }: Partial<KryptosConnectConfig>, isFirstGeneration: boolean): Look {
  const valuesIn = (name: string, presets: Values): Record<string, string> => {
    const probe = document.createElement("meta"); // has a style and no box: nothing is laid out anew for it
    probe.setAttribute("data-kc-theme", name);
    document.body.append(probe);
    const computed = getComputedStyle(probe);
    const given = isFirstGeneration ? presets : {};
    const values: Record<string, string> = {};
    for (const variable of THEME_NAMES) {
      const value = cssVars?.[variable] || computed.getPropertyValue(variable).trim() || given[variable];
      if (value) values[variable] = value;
    }
    probe.remove();
    return values;
  };
  return {
    isDark: isDarkTheme(theme),
    light: valuesIn("light", PROVIDER_LIGHT),
    dark: valuesIn("dark", PROVIDER_DARK),
  };
}

/** Give a button the app's theme and colours, and keep them in step with the system; returns how to stop. */
export function dressButton(
  button: HTMLElement,
  { theme, cssVars }: Partial<KryptosConnectConfig> = {},
): () => void {
  const setTheme = (): void => button.setAttribute("data-kc-theme", isDarkTheme(theme) ? "dark" : "light");
  setTheme();
  for (const [name, value] of Object.entries(cssVars ?? {})) button.style.setProperty(name, value);
  if (theme !== "auto") return () => {};
  const query = system();
  query.addEventListener("change", setTheme);
  return () => query.removeEventListener("change", setTheme);
}

/** Load our stylesheet where the app has not imported it. */
export function ensureStylesheet(): void {
  if (getComputedStyle(document.documentElement).getPropertyValue("--kc-stylesheet")) return;
  void import("./sheet.js").then(({ adoptSheet }) => adoptSheet());
}
