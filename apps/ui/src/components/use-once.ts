/** Runs something at most once at a time. */

import { useEffect, useRef, useState } from "preact/hooks";

/** Return whether it is running, and how to run it; a second run while the first is under way does nothing. */
export function useOnce<A extends readonly unknown[]>(
  work: ((...given: A) => void | Promise<void>) | undefined,
): [boolean, (...given: A) => void] {
  const [isRunning, setRunning] = useState(false);
  const running = useRef(false);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  const run = (...given: A) => {
    if (running.current) return;
    const outcome = work?.(...given);
    if (!outcome) return;
    running.current = true;
    setRunning(true);
    const settle = () => {
      running.current = false;
      if (mounted.current) setRunning(false);
    };
    outcome.then(settle, (failure: unknown) => {
      settle();
      throw failure;
    });
  };
  return [isRunning, run];
}
