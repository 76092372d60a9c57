/** Draws a long list piece by piece, as far as the person scrolls: the first screen does not wait for the last row. */

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

const STEP = 40;

export interface Growing {
  /** How many rows are drawn. */
  readonly shown: number;
  /** Goes behind the last row: when it comes near, more are drawn. */
  readonly end: RefObject<HTMLDivElement>;
  reach(at: number): void;
}

export function useGrowing(count: number, of: string): Growing {
  const [reached, setReached] = useState({ of, shown: STEP });
  const shown = Math.min(count, reached.of === of ? reached.shown : STEP);
  const end = useRef<HTMLDivElement>(null);
  const isWhole = shown >= count;

  useEffect(() => {
    const mark = end.current;
    if (isWhole || !mark) return;
    const observer = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && setReached({ of, shown: shown + STEP }),
      // The margin counts only around the element that scrolls.
      { root: mark.closest(".screen-body"), rootMargin: "600px 0px" },
    );
    observer.observe(mark);
    return () => observer.disconnect();
  }, [shown, of, isWhole]);

  const reach = (at: number) => at >= shown && setReached({ of, shown: at + STEP });
  return { shown, end, reach };
}
