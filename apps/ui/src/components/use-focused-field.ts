/** A form that stands in the place of what was pressed: its first field takes the focus, which would be lost. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function useFocusedField(isWanted: boolean): RefObject<HTMLFormElement> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (isWanted) form.current?.querySelector("input")?.focus();
  }, []);
  return form;
}
