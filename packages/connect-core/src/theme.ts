/** The look that an app may give the widget: the names and the values of its CSS variables, and readable text on them. */

/** The documented variables (K-170 to K-177), without their prefix `--kc-`. */
export const THEME_NAMES: readonly string[] = (
  "primary primary-hover primary-light primary-text primary-rgb bg-primary bg-secondary bg-tertiary bg-hover " +
  "text-primary text-secondary text-tertiary text-inverse border border-focus border-radius secondary secondary-hover " +
  "success success-light success-dark error error-light error-dark warning warning-light warning-dark " +
  "shadow-sm shadow-md shadow-lg"
)
  .split(" ")
  .map((name) => `--kc-${name}`);

/** The defaults of the provider (K-170) where they are not the widget's own, which are those of `init`. */
const PROVIDER_ALWAYS: Readonly<Record<string, string>> = {
  "--kc-primary": "#8b5cf6",
  "--kc-primary-hover": "#7c3aed",
  "--kc-border-radius": "8px",
};
export const PROVIDER_LIGHT: Readonly<Record<string, string>> = {
  ...PROVIDER_ALWAYS,
  "--kc-text-primary": "#000000",
};
export const PROVIDER_DARK: Readonly<Record<string, string>> = {
  ...PROVIDER_ALWAYS,
  "--kc-bg-primary": "#1a1a1a",
  "--kc-text-primary": "#ffffff",
  "--kc-border": "#404040",
};

const LONGEST_VALUE = 200;

/** Return whether a value is harmless in a style: it ends no declaration and loads nothing. */
export function isThemeValue(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.trim() !== "" &&
    value.length <= LONGEST_VALUE &&
    !/[;{}<>@\\]|\/\*|(url|image|image-set|src)\(/i.test(value)
  );
}

/** Return the documented variables that have a value, and a harmless one; `read` gives a variable's value. */
export function readThemeValues(read: (name: string) => unknown): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of THEME_NAMES) {
    const value = read(name);
    if (isThemeValue(value)) values[name] = value.trim();
  }
  return values;
}

export type Rgb = readonly [red: number, green: number, blue: number];

export type TextColour = "#ffffff" | "#0a0a0a";

/** Return the text colour that is best read where it is hardest to read on these backgrounds: white or near-black. */
export function textColourOn(...backgrounds: readonly Rgb[]): TextColour {
  const luminances = backgrounds.map(relativeLuminance);
  const ofWhite = 1.05 / (Math.max(...luminances) + 0.05);
  const ofBlack = (Math.min(...luminances) + 0.05) / 0.053;
  return ofWhite >= 4.5 || ofWhite >= ofBlack ? "#ffffff" : "#0a0a0a";
}

/** WCAG 2.2, "relative luminance"; channels from 0 to 255. */
function relativeLuminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
