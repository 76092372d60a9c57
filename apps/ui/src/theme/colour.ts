/** Colours and how well one can be read on another (WCAG 2.2, "contrast ratio" and "relative luminance"). */

export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

export const WHITE: Colour = { red: 255, green: 255, blue: 255, alpha: 1 };
export const INK: Colour = { red: 10, green: 10, blue: 10, alpha: 1 };

/** Give the browser's own reading of a CSS colour, `rgb(…)`; null where it is none or has no such form. */
export type Resolve = (css: string) => string | null;

export function parseColour(css: string, resolve: Resolve = () => null): Colour | null {
  const text = css.trim().toLowerCase();
  return parseHex(text) ?? parseRgb(text) ?? parseRgb(resolve(text) ?? "");
}

function parseHex(text: string): Colour | null {
  const digits = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const wide = digits.length <= 4 ? [...digits].map((digit) => digit + digit).join("") : digits;
  const [red = 0, green = 0, blue = 0, alpha = 255] = (wide.match(/../g) ?? []).map((two) =>
    parseInt(two, 16),
  );
  return { red, green, blue, alpha: alpha / 255 };
}

function parseRgb(text: string): Colour | null {
  const inside = /^rgba?\(([^()]*)\)$/.exec(text)?.[1];
  if (inside === undefined) return null;
  const [red, green, blue, alpha = 1] = inside
    .split(/[\s,/]+/)
    .filter((part) => part !== "")
    .map((part, at) => (part.endsWith("%") ? (parseFloat(part) / 100) * (at < 3 ? 255 : 1) : Number(part)));
  if (red === undefined || green === undefined || blue === undefined) return null;
  if (![red, green, blue, alpha].every((value) => Number.isFinite(value) && value >= 0 && value <= 255))
    return null;
  return { red, green, blue, alpha: Math.min(alpha, 1) };
}

/** `share` of `over` laid on `under`; the result is opaque if `under` is. */
export function mix(over: Colour, under: Colour, share: number): Colour {
  const blend = (one: number, other: number) => Math.round(one * share + other * (1 - share));
  return {
    red: blend(over.red, under.red),
    green: blend(over.green, under.green),
    blue: blend(over.blue, under.blue),
    alpha: under.alpha,
  };
}

/** What is seen where a translucent colour lies on an opaque one. */
export const flatten = (over: Colour, under: Colour): Colour => mix(over, under, over.alpha);

export function toCss({ red, green, blue }: Colour): string {
  return `#${[red, green, blue].map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

function luminance({ red, green, blue }: Colour): number {
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(front: Colour, ground: Colour): number {
  const [one, other] = [luminance(flatten(front, ground)), luminance(ground)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

const least = (front: Colour, grounds: readonly Colour[]) =>
  Math.min(...grounds.map((ground) => contrast(front, ground)));

/** White or near-black, whichever is read better on all the grounds. */
export function readable(grounds: readonly Colour[]): Colour {
  return least(WHITE, grounds) >= least(INK, grounds) ? WHITE : INK;
}

/** The colour itself if it stands out enough, otherwise the nearest shade of it that does. */
export function standingOut(colour: Colour, grounds: readonly Colour[], ratio: number): Colour {
  const [ground = WHITE] = grounds;
  const towards = readable(grounds);
  const opaque = flatten(colour, ground);
  for (let share = 0; share < 1; share += 0.04) {
    const shade = mix(towards, opaque, share);
    if (least(shade, grounds) >= ratio) return shade;
  }
  return towards;
}
