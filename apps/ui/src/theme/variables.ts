/** The variables an app may set (contract §1.9), what each may hold, and what it holds otherwise. */

type Kind = "colour" | "size" | "numbers" | "shadow";

interface Variable {
  readonly kind: Kind;
  readonly light: string;
  readonly dark: string;
  /** Part of the brand: the same in both themes unless the app says otherwise. */
  readonly isBrand: boolean;
}

const colour = (light: string, dark = light): Variable => ({ kind: "colour", light, dark, isBrand: false });
const brand = (light: string, dark = light, kind: Kind = "colour"): Variable => ({
  kind,
  light,
  dark,
  isBrand: true,
});
const shadow = (light: string, dark: string): Variable => ({ kind: "shadow", light, dark, isBrand: false });

export const VARIABLES = {
  "--kc-primary": brand("#00c693"),
  "--kc-primary-hover": brand("#007558", "#42ffd0"),
  "--kc-primary-light": brand("#42ffd0"),
  "--kc-primary-text": brand("#0a0a0a"),
  "--kc-primary-rgb": brand("0, 198, 147", "0, 198, 147", "numbers"),
  "--kc-bg-primary": colour("#ffffff", "#0a0a0a"),
  "--kc-bg-secondary": colour("#f9fafb", "#1a1a1d"),
  "--kc-bg-tertiary": colour("#e5e7eb", "#030405"),
  "--kc-bg-hover": colour("#f3f4f6", "#2e2e2e"),
  "--kc-text-primary": colour("#1f2937", "#f6f6f8"),
  "--kc-text-secondary": colour("#4b5563", "#e5e7eb"),
  "--kc-text-tertiary": colour("#9ca3af"),
  "--kc-text-inverse": colour("#ffffff", "#1f2937"),
  "--kc-border": colour("#e5e7eb", "#334155"),
  "--kc-border-focus": brand("#00c693", "#42ffd0"),
  "--kc-border-radius": brand("8px", "8px", "size"),
  "--kc-secondary": brand("#4b5563"),
  "--kc-secondary-hover": brand("#1f2937", "#9ca3af"),
  "--kc-success": brand("#22c55e"),
  "--kc-success-light": brand("#86efac"),
  "--kc-success-dark": brand("#15803d"),
  "--kc-error": brand("#ef4444"),
  "--kc-error-light": brand("#fca5a5"),
  "--kc-error-dark": brand("#b91c1c"),
  "--kc-warning": brand("#f59e0b"),
  "--kc-warning-light": brand("#fcd34d"),
  "--kc-warning-dark": brand("#d97706"),
  "--kc-shadow-sm": shadow("0 1px 2px rgb(0 0 0 / 6%)", "0 1px 2px rgb(0 0 0 / 40%)"),
  "--kc-shadow-md": shadow("0 4px 12px rgb(0 0 0 / 8%)", "0 4px 12px rgb(0 0 0 / 50%)"),
  "--kc-shadow-lg": shadow("0 12px 32px rgb(0 0 0 / 14%)", "0 12px 32px rgb(0 0 0 / 60%)"),
} as const satisfies Readonly<Record<`--kc-${string}`, Variable>>;

export type VariableName = keyof typeof VARIABLES;
export type Vars = Readonly<Record<string, string>>;

const LONGEST = 160;
const FORMS: Readonly<Record<Kind, RegExp>> = {
  colour: /^[#a-z0-9 .,%()/+-]+$/i,
  size: /^\d{1,3}(\.\d{1,3})?(px|rem|em)?$/,
  numbers: /^\d{1,3} ?, ?\d{1,3} ?, ?\d{1,3}$/,
  shadow: /^(none|[#a-z0-9 .,%()/+-]+)$/i,
};
/** The only functions a value may call: none of them fetches, and none reads another variable. */
const FUNCTIONS = /^(rgb|rgba|hsl|hsla|hwb)$/i;

/** Keep what is known and harmless; the rest is dropped, as a browser drops what it does not understand. */
export function checked(given: Vars): Partial<Record<VariableName, string>> {
  const kept: Partial<Record<VariableName, string>> = {};
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (typeof value === "string" && isHarmless(value.trim(), variable.kind)) {
      kept[name as VariableName] = value.trim();
    }
  }
  return kept;
}

function isHarmless(value: string, kind: Kind): boolean {
  if (value.length === 0 || value.length > LONGEST || !FORMS[kind].test(value)) return false;
  const called = [...value.matchAll(/([\w-]*)\(/g)].map((match) => match[1] ?? "");
  return called.every((name) => FUNCTIONS.test(name));
}
