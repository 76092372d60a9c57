/** Works out every colour the widget draws with, so that all of them can be read whatever the app has chosen. */

import {
  type Colour,
  contrast,
  flatten,
  INK,
  mix,
  parseColour,
  type Resolve,
  readable,
  standingOut,
  toCss,
  WHITE,
} from "./colour.js";
import { checked, VARIABLES, type VariableName, type Vars } from "./variables.js";

const TEXT = 4.5;
const SHAPE = 3;

/** `cssVars` and `cssVarsDark` as the app gave them, and which theme is on. */
export interface Wanted {
  readonly cssVars: Vars;
  readonly cssVarsDark: Vars;
  readonly isDark: boolean;
}

/** Return what to set on the root: the app's variables, and the `--w-…` that the style sheets draw with. */
export function palette(wanted: Wanted, resolve: Resolve): Record<string, string> {
  const given = withRelatives(chosen(wanted), wanted.isDark, resolve);
  const theme = wanted.isDark ? "dark" : "light";
  const page = wanted.isDark ? INK : WHITE;
  const colour = (name: VariableName): Colour =>
    parseColour(given[name] ?? "", resolve) ?? (parseColour(VARIABLES[name][theme]) as Colour);
  const ground = (name: VariableName) => flatten(colour(name), page);

  const background = ground("--kc-bg-primary");
  const raised = ground("--kc-bg-secondary");
  const grounds = [background, raised, ground("--kc-bg-hover")];
  const primary = flatten(colour("--kc-primary"), background);
  const hover = flatten(colour("--kc-primary-hover"), background);
  const set: Record<string, Colour> = {
    "--w-bg": background,
    "--w-raised": raised,
    "--w-hover": ground("--kc-bg-hover"),
    "--w-text": standingOut(colour("--kc-text-primary"), grounds, TEXT),
    "--w-text-2": standingOut(colour("--kc-text-secondary"), grounds, TEXT),
    "--w-text-3": standingOut(colour("--kc-text-tertiary"), grounds, TEXT),
    "--w-link": standingOut(primary, grounds, TEXT),
    "--w-mark": standingOut(primary, grounds, SHAPE),
    "--w-focus": standingOut(colour("--kc-border-focus"), grounds, SHAPE),
    "--w-field-border": standingOut(colour("--kc-border"), [background, raised], SHAPE),
    "--w-line": flatten(colour("--kc-border"), background),
    "--w-primary": primary,
    "--w-primary-hover": hover,
    "--w-on-primary": textOn(primary, given["--kc-primary-text"], true, resolve),
    "--w-on-primary-hover": textOn(hover, given["--kc-primary-text"], false, resolve),
    "--w-primary-tint": mix(primary, background, 0.12),
  };
  for (const name of ["success", "error", "warning"] as const) {
    const own = colour(`--kc-${name}`);
    const tint = mix(own, background, 0.1);
    set[`--w-${name}-tint`] = tint;
    set[`--w-${name}`] = standingOut(own, [...grounds, tint], TEXT);
  }
  const colours = Object.entries(set).map(([name, value]) => [name, toCss(value)]);
  return { ...given, ...Object.fromEntries(colours) };
}

/** In the dark theme the brand stays; surfaces do too unless the app has dark ones of its own. */
function chosen({ cssVars, cssVarsDark, isDark }: Wanted): Partial<Record<VariableName, string>> {
  const light = checked(cssVars);
  if (!isDark) return light;
  const dark = checked(cssVarsDark);
  if (Object.keys(dark).length === 0) return light;
  const isBrand = (name: string) => VARIABLES[name as VariableName].isBrand;
  return { ...Object.fromEntries(Object.entries(light).filter(([name]) => isBrand(name))), ...dark };
}

/** An app that names a colour alone gets the colours that go with it, not the widget's own that do not. */
function withRelatives(
  given: Partial<Record<VariableName, string>>,
  isDark: boolean,
  resolve: Resolve,
): Partial<Record<VariableName, string>> {
  const relatives: Partial<Record<VariableName, string>> = {};
  const primary = parseColour(given["--kc-primary"] ?? "", resolve);
  if (primary) {
    relatives["--kc-primary-hover"] = toCss(mix(isDark ? WHITE : INK, primary, 0.16));
    relatives["--kc-primary-light"] = toCss(mix(WHITE, primary, 0.4));
    relatives["--kc-primary-rgb"] = `${primary.red}, ${primary.green}, ${primary.blue}`;
    relatives["--kc-border-focus"] = toCss(primary);
  }
  const background = parseColour(given["--kc-bg-primary"] ?? "", resolve);
  if (background) {
    const shade = (share: number) => toCss(mix(readable([background]), background, share));
    relatives["--kc-bg-secondary"] = shade(0.03);
    relatives["--kc-bg-hover"] = shade(0.07);
    relatives["--kc-border"] = shade(0.14);
  }
  return { ...relatives, ...given };
}

/** The app's word counts on its own primary colour; where it said nothing, what is read best. */
function textOn(ground: Colour, given: string | undefined, isBinding: boolean, resolve: Resolve): Colour {
  const wish = parseColour(given ?? "", resolve);
  if (wish && (isBinding || contrast(wish, ground) >= TEXT)) return wish;
  return readable([ground]);
}
