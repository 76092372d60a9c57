/** What the backend knows of the person's accounts, asked again every second while they are being read. */

import { useCallback, useEffect, useState } from "react";

import { fetchPortfolio, type NotConnected, type Portfolio } from "./backend.js";
import { sayFailure } from "./failure.js";

const ASK_AGAIN_MS = 1000;

export interface Known {
  /** Null until the first answer. */
  readonly portfolio: Portfolio | NotConnected | null;
  readonly failure: string | null;
  /** Ask now, because something has changed. */
  readonly refresh: () => void;
}

export function usePortfolio(): Known {
  const [portfolio, setPortfolio] = useState<Known["portfolio"]>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [wish, setWish] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new wish is a reason to ask again
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async () => {
      try {
        const answer = await fetchPortfolio();
        if (isOver) return;
        setPortfolio(answer);
        setFailure(null);
        if (answer.isConnected && answer.isReading) timer = setTimeout(ask, ASK_AGAIN_MS);
      } catch (error) {
        if (!isOver) setFailure(sayFailure(error));
      }
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [wish]);

  return { portfolio, failure, refresh: useCallback(() => setWish((count) => count + 1), []) };
}
