import { describe, expect, test } from "vitest";
import { begin, canGoBack, goTo, replace, settle, shown, step } from "../../src/app/walk.js";

const landing = { name: "landing" } as const;
const code = { name: "code", email: "anna@example.com" } as const;
const consent = { name: "consent" } as const;
const picker = { name: "picker" } as const;

describe("a walk", () => {
  test("goes forward and back again", () => {
    const walk = step(begin(landing), code);
    expect(shown(walk)).toBe(code);
    expect(canGoBack(walk)).toBe(true);
    const back = goTo(walk, 0);
    expect(back && shown(back)).toBe(landing);
  });

  test("does not lead back to what is done", () => {
    const walk = settle(step(begin(landing), code), consent);
    expect(canGoBack(walk)).toBe(false);
    expect(goTo(walk, 1)).toBeNull();
  });

  test("forgets what lay ahead once another way is taken", () => {
    const back = goTo(step(begin(consent), picker), 0);
    const other = back && step(back, code);
    expect(other?.trail).toEqual([consent, code]);
  });

  test("puts one screen in the place of another", () => {
    const walk = replace(step(begin(landing), code), consent);
    expect(walk.trail).toEqual([landing, consent]);
    expect(walk.at).toBe(1);
  });
});
