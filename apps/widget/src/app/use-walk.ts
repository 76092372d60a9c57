/** Ties the screens visited to the browser's history, so that the browser's own back button works. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Screen } from "../contracts.js";
import { begin, canGoBack, goTo, replace, settle, shown, step, type Walk } from "./walk.js";

export interface Walking {
  readonly screen: Screen;
  readonly canGoBack: boolean;
  go(screen: Screen): void;
  replace(screen: Screen): void;
  settle(screen: Screen): void;
  back(): void;
}

interface Options {
  /** Whether the person may walk away just now; if not, `onHeld` is told what they wanted. */
  readonly mayLeave: () => boolean;
  readonly onHeld: (wanted: "back" | "leave") => void;
  /** The browser's back button, where there is nothing to go back to. */
  readonly onPastBeginning: () => void;
}

export function useWalk(first: Screen, options: Options): Walking {
  const [walk, setWalk] = useState<Walk>(() => begin(first));
  const now = useRef(walk);
  const asked = useRef(options);
  asked.current = options;

  const show = (next: Walk) => {
    now.current = next;
    setWalk(next);
  };
  const push = (next: Walk) => {
    show(next);
    history.pushState({ kc: next.at }, "");
  };

  useEffect(() => {
    history.replaceState({ kc: 0 }, "");
    const onPop = ({ state }: PopStateEvent) => {
      const at: unknown = (state as { readonly kc?: unknown } | null)?.kc;
      const here = now.current;
      if (typeof at !== "number" || at === here.at) return;
      const next = goTo(here, at);
      const isBack = at < here.at;
      if (next && !(isBack && !asked.current.mayLeave())) {
        show(next);
        return;
      }
      history.go(here.at - at);
      if (next) asked.current.onHeld("back");
      else asked.current.onPastBeginning();
    };
    addEventListener("popstate", onPop);
    return () => removeEventListener("popstate", onPop);
  }, []);

  return {
    screen: shown(walk),
    canGoBack: canGoBack(walk),
    go: (screen) => push(step(now.current, screen)),
    replace: (screen) => show(replace(now.current, screen)),
    settle: (screen) => push(settle(now.current, screen)),
    back: () => {
      if (!canGoBack(now.current)) return;
      if (asked.current.mayLeave()) history.back();
      else asked.current.onHeld("back");
    },
  };
}
