/** What the backend knows of the person's accounts, asked again every second while they are being read. */

import { useCallback, useEffect, useState } from "react";

import { type Config, fetchConfig, fetchPortfolio, type NotConnected, type Portfolio } from "./backend";

const ASK_AGAIN_MS = 1000;

export interface Known {
  readonly config: Config;
  readonly portfolio: Portfolio | NotConnected;
}

export function usePortfolio() {
  const [known, setKnown] = useState<Known | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);

  const refresh = useCallback(async () => {
    setIsAsking(true);
    try {
      const [config, portfolio] = await Promise.all([fetchConfig(), fetchPortfolio()]);
      setKnown({ config, portfolio });
      setFailure(null);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setIsAsking(false);
  }, []);

  useEffect(() => {
    void refresh();
  }, [refresh]);

  useEffect(() => {
    if (!known?.portfolio.isConnected || !known.portfolio.isReading) return undefined;
    const timer = setTimeout(refresh, ASK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [known, refresh]);

  return { known, failure, isAsking, refresh };
}
