/** What can be found wrong with a page by looking into it: by axe, by measuring, by trying the focus. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Frame } from "playwright-core";
import { contrast, parseColour } from "../../src/theme/colour.js";

/** A frame, or a page that has none. */
export type Inspected = Pick<Frame, "evaluate">;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const EVERYTHING: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
export const CONTRAST: RunOptions = { runOnly: ["color-contrast"] };

const LEAST_FOR_SHAPES = 3;

/** What is found, in words: rule, element, reason. */
export async function violations(frame: Inspected, options: RunOptions): Promise<readonly string[]> {
  await frame.evaluate(AXE);
  const { violations: found } = await frame.evaluate(
    (given) =>
      (window as unknown as { axe: { run(what: Document, how: RunOptions): Promise<AxeResults> } }).axe.run(
        document,
        { ...given, resultTypes: ["violations"] },
      ),
    options,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
  );
}

interface Edge {
  readonly what: string;
  readonly colour: string;
  readonly ground: string;
}

/** The lines that say where to press and type: borders of fields and boxes, lone icons, the ring of the focus. */
function edges(): readonly Edge[] {
  const groundOf = (element: Element): string => {
    for (let at: Element | null = element.parentElement; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)" && colour !== "transparent") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const edge = (element: Element, colour: string): Edge => ({
    what: element.outerHTML.slice(0, 120),
    colour,
    ground: groundOf(element),
  });
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const found = all(".input, .button-secondary, .button-danger, .chain-chip").map((each) =>
    edge(each, getComputedStyle(each).borderBlockStartColor),
  );
  found.push(
    ...all(".icon-button .icon, .row-trailing .icon").map((each) =>
      edge(each, getComputedStyle(each).stroke),
    ),
  );
  for (const each of all("button:not(:disabled), input, summary, a[href]")) {
    if (each.closest("dialog") === null && document.querySelector("dialog[open]")) continue;
    each.blur(); // whatever has the focus by a click shows no ring
    each.focus({ focusVisible: true } as FocusOptions);
    const { outlineColor, outlineStyle, outlineWidth } = getComputedStyle(each);
    if (document.activeElement === each)
      found.push({
        ...edge(each, outlineStyle === "none" || outlineWidth === "0px" ? groundOf(each) : outlineColor),
      });
  }
  return found;
}

/** Borders, icons and rings that hardly differ from their ground. */
export async function faintEdges(frame: Inspected): Promise<readonly string[]> {
  const found = await frame.evaluate(edges);
  if (found.length === 0) return ["there is nothing to press or to type into"];
  return found.flatMap(({ what, colour, ground }) => {
    const [front, back] = [parseColour(colour), parseColour(ground)];
    if (!front || !back) return [`${what}: ${colour} on ${ground} is no colour`];
    const ratio = contrast(front, back);
    return ratio < LEAST_FOR_SHAPES ? [`${what}: ${colour} on ${ground} is ${ratio.toFixed(2)}`] : [];
  });
}

/** Whatever stands or reaches beyond the window, texts that are cut off, and a button that is not in sight. */
export function overflows(): readonly string[] {
  const width = document.documentElement.clientWidth;
  const isBeyond = (element: Element) => {
    const { left, right, width: own } = element.getBoundingClientRect();
    return own > 0 && (left < -1 || right > width + 1);
  };
  const isCut = (element: Element) => {
    const { overflowX, position, display } = getComputedStyle(element);
    const isText = element.matches(
      "h1, h2, h3, p, dt, dd, label, .button-text, .row-title, .row-subtitle, .badge",
    );
    const isLaidOut = position !== "absolute" && display !== "inline" && overflowX === "visible";
    return isText && isLaidOut && element.scrollWidth > element.clientWidth + 1;
  };
  const all = [...document.querySelectorAll("#app *")].filter(
    (each) => !each.closest(".tabs, .visually-hidden, svg"),
  );
  const button = document.querySelector(".screen-foot .button-primary")?.getBoundingClientRect();
  return [
    ...(document.documentElement.scrollWidth > width ? ["the page scrolls sideways"] : []),
    ...all.filter(isBeyond).map((each) => `<${each.localName} class="${each.className}"> reaches beyond`),
    ...all.filter(isCut).map((each) => `<${each.localName} class="${each.className}"> is cut off`),
    ...(button && (button.top < 0 || button.bottom > innerHeight) ? ["the button is out of sight"] : []),
  ];
}

/** What a finger could miss. */
export function smallTargets(least: number): readonly string[] {
  const inText = (element: Element) => getComputedStyle(element).display === "inline";
  return (
    [
      ...document.querySelectorAll<HTMLElement>(
        "button, input, select, summary, a[href], [role=option], label:has(input)",
      ),
    ]
      .filter((each) => !inText(each) && each.checkVisibility() && !each.matches("label input"))
      .filter(
        (each) => each.closest("dialog[open]") !== null || document.querySelector("dialog[open]") === null,
      )
      .map((each) => ({ each, box: each.getBoundingClientRect() }))
      // Half a pixel is the rounding of type sizes.
      .filter(({ box }) => box.height < least - 0.5 || box.width < least - 0.5)
      .map(
        ({ each, box }) =>
          `${each.outerHTML.slice(0, 100)} is ${box.width.toFixed()} × ${box.height.toFixed()}`,
      )
  );
}

/** In forced colours: what shows no focus, and what would be pressed or typed into without a border. */
export function unseen(): readonly string[] {
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const hasNoRing = (each: HTMLElement) => {
    each.blur(); // whatever has the focus by a click shows no ring
    each.focus({ focusVisible: true } as FocusOptions);
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return document.activeElement === each && (outlineStyle === "none" || outlineWidth === "0px");
  };
  const hasNoBorder = (each: Element) => getComputedStyle(each).borderBlockStartWidth === "0px";
  return [
    ...all("button:not(:disabled), input, summary").filter(hasNoRing),
    ...all(".button-primary, .button-secondary, .input").filter(hasNoBorder),
  ].map((each) => each.outerHTML.slice(0, 100));
}

/** What appears for longer than 200 milliseconds; what only waits may go on. */
export function longAnimations(): readonly string[] {
  return document
    .getAnimations()
    .map((each) => each.effect?.getComputedTiming())
    .filter((timing) => timing?.iterations !== Infinity && Number(timing?.duration) > 200)
    .map((timing) => `${timing?.duration} ms`);
}

export function anyAnimations(): readonly string[] {
  return document.getAnimations().map((each) => `${(each as CSSAnimation).animationName} moves`);
}
