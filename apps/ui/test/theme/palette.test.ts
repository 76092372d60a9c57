import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Colour, contrast, parseColour } from "../../src/theme/colour.js";
import { palette } from "../../src/theme/palette.js";
import { checked, VARIABLES } from "../../src/theme/variables.js";

const NOTHING = () => null;
const colour = (css: string | undefined): Colour => {
  const parsed = parseColour(css ?? "");
  if (parsed === null) throw new Error(`not a colour: ${css}`);
  return parsed;
};

function ratios(set: Readonly<Record<string, string>>) {
  const on = (front: string, ground: string) => contrast(colour(set[front]), colour(set[ground]));
  const grounds = ["--w-bg", "--w-raised", "--w-hover"];
  const least = (front: string) => Math.min(...grounds.map((ground) => on(front, ground)));
  return { on, least };
}

const CUSTOMERS = [
  {},
  { "--kc-primary": "#ffff00" },
  { "--kc-primary": "#000080", "--kc-bg-primary": "#000000", "--kc-bg-secondary": "#101010" },
  { "--kc-primary": "rgb(200 200 200)", "--kc-border-focus": "#fefefe", "--kc-text-tertiary": "#eeeeee" },
  { "--kc-bg-primary": "#888888", "--kc-bg-secondary": "#808080", "--kc-bg-hover": "#7a7a7a" },
  { "--kc-border": "rgba(0, 0, 0, 0.05)", "--kc-error": "#ffcccc" },
];

describe.each(CUSTOMERS)("with %o", (cssVars) => {
  test.each([false, true])("everything can be read (dark: %s)", (isDark) => {
    const set = palette({ cssVars, cssVarsDark: {}, isDark }, NOTHING);
    const { on, least } = ratios(set);
    const texts = ["text", "text-2", "text-3", "link", "error", "warning", "success"];
    const shapes = ["mark", "focus"];
    // Between two greys in the middle nothing reaches 4.5: there the best that exists has to do.
    const best = Math.max(
      ...["#ffffff", "#0a0a0a"].map((css) => contrast(colour(css), colour(set["--w-bg"]))),
    );
    for (const text of texts) expect(least(`--w-${text}`)).toBeGreaterThanOrEqual(Math.min(4.5, best - 1.2));
    for (const shape of shapes) expect(least(`--w-${shape}`)).toBeGreaterThanOrEqual(3);
    expect(on("--w-field-border", "--w-bg")).toBeGreaterThanOrEqual(3);
    expect(on("--w-on-primary", "--w-primary")).toBeGreaterThanOrEqual(4.5);
    expect(on("--w-on-primary-hover", "--w-primary-hover")).toBeGreaterThanOrEqual(4.5);
  });
});

test("the documented green gets dark letters, unless the app says otherwise", () => {
  const own = palette({ cssVars: { "--kc-primary": "#00c693" }, cssVarsDark: {}, isDark: false }, NOTHING);
  expect(own["--w-on-primary"]).toBe("#0a0a0a");
  const said = { "--kc-primary": "#00c693", "--kc-primary-text": "#ffffff" };
  expect(palette({ cssVars: said, cssVarsDark: {}, isDark: false }, NOTHING)["--w-on-primary"]).toBe(
    "#ffffff",
  );
});

test("in the dark the brand stays and the light surfaces go, if there are dark ones", () => {
  const cssVars = { "--kc-primary": "#ff0000", "--kc-bg-primary": "#fffff0" };
  const set = palette({ cssVars, cssVarsDark: { "--kc-text-primary": "#eeeeee" }, isDark: true }, NOTHING);
  expect(set["--w-primary"]).toBe("#ff0000");
  expect(set["--w-bg"]).toBe("#0a0a0a");
});

test.each([
  ["an unknown name", { "--kc-other": "red" }],
  ["something fetched", { "--kc-primary": "url(https://evil.example/x)" }],
  ["another variable", { "--kc-primary": "var(--secret)" }],
  ["another declaration", { "--kc-primary": "red; background: blue" }],
  ["a block", { "--kc-shadow-sm": "0 0 0 red} body{color:red" }],
  ["something endless", { "--kc-shadow-sm": "0 ".repeat(200) }],
  ["a length without measure", { "--kc-border-radius": "calc(1px + 2px)" }],
  ["a property of every object", { constructor: "red" }],
])("%s is not taken over", (_, vars) => {
  expect(checked(vars as Record<string, string>)).toEqual({});
});

test("the style sheet holds what is worked out here", () => {
  const css = readFileSync(join(import.meta.dirname, "../../src/theme/tokens.css"), "utf8");
  const blocks = css.split(/:root[^{]*\{/).slice(1);
  const read = (block = "") =>
    Object.fromEntries([...block.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]));
  const [light, dark, auto] = blocks.map(read);
  for (const [isDark, set] of [
    [false, light],
    [true, { ...light, ...dark }],
    [true, { ...light, ...auto }],
  ] as const) {
    const own = Object.entries(VARIABLES).map(([name, each]) => [name, isDark ? each.dark : each.light]);
    const worked = palette({ cssVars: {}, cssVarsDark: {}, isDark }, NOTHING);
    expect(set).toEqual({ ...Object.fromEntries(own), ...worked });
  }
});
