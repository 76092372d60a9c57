/** Puts a theme on the page, and keeps it in step with the system's setting. */

import type { Theme } from "@kryptos_connect/connect-core";
import type { Resolve } from "./colour.js";
import { palette } from "./palette.js";
import type { Vars } from "./variables.js";

interface Wish {
  readonly theme: Theme;
  readonly cssVars: Vars;
  readonly cssVarsDark: Vars;
}

/**
 * Apply a theme; returns how to stop following the system's setting.
 *
 * The style sheet has our own colours for all three themes, so nothing is set unless the app set something.
 * Styles are set one property at a time through CSSOM, which a strict Content-Security-Policy allows.
 */
export function applyTheme(wish: Wish, root: HTMLElement = document.documentElement): () => void {
  root.dataset["kcTheme"] = wish.theme;
  const isCustom = [wish.cssVars, wish.cssVarsDark].some((vars) => Object.keys(vars).length > 0);
  if (!isCustom) return () => undefined;

  const system = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const isDark = wish.theme === "dark" || (wish.theme === "auto" && system.matches);
    clear(root);
    for (const [name, value] of Object.entries(palette({ ...wish, isDark }, resolveWith(root)))) {
      root.style.setProperty(name, value);
    }
  };
  paint();
  system.addEventListener("change", paint);
  return () => system.removeEventListener("change", paint);
}

/** The page's address or the server names the theme before the host has spoken. */
export function currentTheme(root: HTMLElement = document.documentElement): Theme {
  const theme = root.dataset["kcTheme"];
  return theme === "light" || theme === "dark" ? theme : "auto";
}

function clear(root: HTMLElement): void {
  for (const name of [...root.style]) {
    if (/^--(kc|w)-/.test(name)) root.style.removeProperty(name);
  }
}

/** Names, `hsl()` and the like: the browser reads them for us. */
function resolveWith(root: HTMLElement): Resolve {
  return (css) => {
    const probe = document.createElement("span");
    probe.style.color = css;
    if (probe.style.color === "") return null;
    root.append(probe);
    const read = getComputedStyle(probe).color;
    probe.remove();
    return read;
  };
}
