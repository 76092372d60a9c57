/** The app's own look, light and dark. The widget follows the theme; its colours are a matter of the SDK's `cssVars`. */

import { createContext, useContext } from "react";

export interface Look {
  readonly theme: "light" | "dark";
  readonly page: string;
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  /** Text and lines in the accent's colour, on the page. */
  readonly accentInk: string;
  readonly error: string;
  readonly warning: string;
}

const LIGHT: Look = {
  theme: "light",
  page: "#f6f7fb",
  card: "#ffffff",
  ink: "#16181d",
  soft: "#5b6270",
  line: "#e2e5ec",
  accent: "#4f46e5",
  accentInk: "#4338ca",
  error: "#dc2626",
  warning: "#d97706",
};

const DARK: Look = {
  theme: "dark",
  page: "#101218",
  card: "#181b23",
  ink: "#f1f2f6",
  soft: "#a3a9b8",
  line: "#2c313d",
  accent: "#4f46e5",
  accentInk: "#a5b4fc",
  error: "#f87171",
  warning: "#fbbf24",
};

export const lookOf = (scheme: string | null | undefined): Look => (scheme === "dark" ? DARK : LIGHT);

export const LookContext = createContext<Look>(LIGHT);

export const useLook = (): Look => useContext(LookContext);
