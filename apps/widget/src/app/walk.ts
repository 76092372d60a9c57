/** Where the person is and has been: the screens in the order they were visited, and a step forward or back. */

import type { Screen } from "../contracts.js";

export interface Walk {
  readonly trail: readonly Screen[];
  /** Which screen of the trail is shown. */
  readonly at: number;
  /** How far back one may go: what lies before is done and cannot be done again. */
  readonly base: number;
}

export const begin = (screen: Screen): Walk => ({ trail: [screen], at: 0, base: 0 });

export const shown = ({ trail, at }: Walk): Screen => trail[at] as Screen;

export const canGoBack = ({ at, base }: Walk): boolean => at > base;

/** One step forward; what had been visited beyond is forgotten, as in a browser. */
export function step({ trail, at, base }: Walk, screen: Screen): Walk {
  return { trail: [...trail.slice(0, at + 1), screen], at: at + 1, base };
}

/** Another screen in the place of the one that is shown. */
export function replace({ trail, at, base }: Walk, screen: Screen): Walk {
  return { trail: [...trail.slice(0, at), screen], at, base };
}

/** One step forward, from which there is no way back. */
export function settle(walk: Walk, screen: Screen): Walk {
  const next = step(walk, screen);
  return { ...next, base: next.at };
}

/** The browser went to one of the places in its history; null if that is before the beginning. */
export function goTo(walk: Walk, at: number): Walk | null {
  if (at < walk.base) return null;
  return { ...walk, at: Math.min(at, walk.trail.length - 1) };
}
