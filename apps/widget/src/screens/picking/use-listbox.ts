/** The keyboard of a list under a search field: the focus stays in the field, the active row is named to it. */

import { useEffect, useState } from "preact/hooks";

export interface ListboxKeys {
  readonly active: number;
  onKeyDown(event: KeyboardEvent): void;
}

interface Options {
  readonly count: number;
  /** Changes when other rows are shown: then no row is active any more. */
  readonly of: string;
  /** Whether the first row is active at once, so that Enter takes it. */
  readonly startsAtFirst: boolean;
  readonly idOf: (at: number) => string;
  readonly onChoose: (at: number) => void;
  /** Before a row far down becomes active it has to be there. */
  readonly onReach: (at: number) => void;
}

const PAGE = 8;

export function useListbox({ count, of, startsAtFirst, idOf, onChoose, onReach }: Options): ListboxKeys {
  const start = startsAtFirst && count > 0 ? 0 : -1;
  const [place, setPlace] = useState({ of, at: start });
  const active = place.of === of ? Math.min(place.at, count - 1) : start;

  useEffect(() => {
    if (place.of === of && active >= 0)
      document.getElementById(idOf(active))?.scrollIntoView({ block: "nearest" });
  }, [active, of]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const target = targetOf(event, active, count);
    if (target !== null) {
      event.preventDefault();
      onReach(target);
      setPlace({ of, at: target });
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      onChoose(active);
    }
  };
  return { active, onKeyDown };
}

/** Home and End move in the text while no row is active, as they do in any field. */
function targetOf({ key }: KeyboardEvent, active: number, count: number): number | null {
  if (count === 0) return null;
  const last = count - 1;
  if (key === "ArrowDown") return active >= last ? 0 : active + 1;
  if (key === "ArrowUp") return active <= 0 ? last : active - 1;
  if (active < 0) return null;
  if (key === "PageDown") return Math.min(last, active + PAGE);
  if (key === "PageUp") return Math.max(0, active - PAGE);
  if (key === "Home") return 0;
  return key === "End" ? last : null;
}
