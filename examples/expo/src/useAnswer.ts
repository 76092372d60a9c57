/** What the backend answers: asked at first, on demand, when the app comes back, and again while that is wished. */

import { useCallback, useEffect, useRef, useState } from "react";
import { AppState } from "react-native";

import { sayFailure } from "./failure";

const ASK_AGAIN_MS = 1000;

export interface Known<Answer> {
  /** Null until the first answer. */
  readonly answer: Answer | null;
  readonly failure: string | null;
  /** Ask now, because something has changed; resolves when it is answered. */
  readonly refresh: () => Promise<void>;
}

export function useAnswer<Answer>(
  ask: () => Promise<Answer>,
  isChanging: (answer: Answer) => boolean,
): Known<Answer> {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const newest = useRef(0);

  const refresh = useCallback(async () => {
    clearTimeout(timer.current);
    newest.current += 1;
    const mine = newest.current;
    const isOutdated = () => mine !== newest.current;
    try {
      const given = await ask();
      if (isOutdated()) return;
      setAnswer(given);
      setFailure(null);
      if (isChanging(given)) timer.current = setTimeout(refresh, ASK_AGAIN_MS);
    } catch (error) {
      if (!isOutdated()) setFailure(sayFailure(error));
    }
  }, [ask, isChanging]);

  useEffect(() => {
    void refresh();
    const subscription = AppState.addEventListener("change", (state) => {
      if (state === "active") void refresh();
    });
    return () => {
      subscription.remove();
      newest.current += 1;
      clearTimeout(timer.current);
    };
  }, [refresh]);

  return { answer, failure, refresh };
}
