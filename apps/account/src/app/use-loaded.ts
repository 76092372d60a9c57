/** What a view reads from the server: being read, there, or not to be had; what was there stays while it is read again. */

import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiFailure } from "../contracts.js";

export interface Loaded<T> {
  /** Null until it is there. */
  readonly value: T | null;
  /** Why the newest could not be had. */
  readonly failure: ApiFailure | null;
  readonly reload: () => Promise<void>;
  readonly set: (value: T) => void;
}

export function useLoaded<T>(read: () => Promise<T>, of: string): Loaded<T> {
  const [value, set] = useState<T | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const turn = useRef(0);

  const reload = async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const fresh = await read();
      if (mine !== turn.current) return;
      set(fresh);
      setFailure(null);
    } catch (thrown) {
      if (mine === turn.current) setFailure(asFailure(thrown));
    }
  };

  useEffect(() => {
    void reload();
    return () => {
      turn.current += 1; // an answer that comes later is nobody's
    };
  }, [of]);

  return { value, failure, reload, set };
}
