/** Counts what would be lost by leaving the screen. */

import { useRef } from "preact/hooks";

export interface Guards {
  guard(): () => void;
  isOpen(): boolean;
  /** The person has been asked and wants to leave all the same. */
  clear(): void;
}

export function useGuards(): Guards {
  const held = useRef(new Set<symbol>()).current;
  return {
    guard: () => {
      const reason = Symbol("typed");
      held.add(reason);
      return () => void held.delete(reason);
    },
    isOpen: () => held.size === 0,
    clear: () => held.clear(),
  };
}
