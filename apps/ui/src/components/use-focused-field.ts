/** A form that stands in the place of what was pressed: its first field takes the focus, which would be lost. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export function useFocusedField(isWanted: boolean): RefObject<HTMLFormElement> {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (isWanted) form.current?.querySelector("input")?.focus();
  }, []);
  return form;
}
