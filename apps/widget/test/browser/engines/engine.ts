/** What a smoke run needs of a browser engine; each is driven in its own way. */

export interface Engine {
  readonly name: string;
  open(url: string): Promise<void>;
  /** Press, with the engine's own mouse, what is called so: in the page, or in the widget within it. */
  press(where: Place, name: RegExp): Promise<void>;
  /** Type, key by key, into whatever has the focus. */
  type(text: string): Promise<void>;
  /** Give the value of an expression in the page or in the widget. */
  ask<T>(where: Place, expression: string): Promise<T>;
  close(): Promise<void>;
}

export type Place = "page" | "widget";

/** An expression that finds what can be pressed by its name, where it is ready to be pressed; else null. */
export function finding(name: RegExp): string {
  return `([...document.querySelectorAll("button, input, [role=option], a")].find((each) =>
    ${name}.test((each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent ?? each.textContent).trim()) &&
    each.getClientRects().length > 0 && !each.disabled && each.getAttribute("aria-disabled") !== "true") ?? null)`;
}

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/** Try until something is there; say what was missing when patience ends. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined>): Promise<T> {
  let trouble = "";
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    try {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      trouble = String(error); // the frame is being loaded, say
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`${what} did not appear. ${trouble}`);
}
