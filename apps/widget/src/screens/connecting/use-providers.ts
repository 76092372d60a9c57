/** The list of providers, as a screen needs it: not there yet, not to be had, or there. */

import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useCallback, useEffect, useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Providers } from "../../contracts.js";

export type Offered =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly failure: ApiFailure }
  | { readonly state: "there"; readonly offered: Providers };

/** Return the list, and how to ask for it again. */
export function useProviders(): readonly [Offered, () => void] {
  const { providers } = useConnect();
  const [turn, setTurn] = useState(0);
  const [offered, setOffered] = useState<Offered>({ state: "loading" });
  useEffect(() => {
    let isWanted = true;
    const put = (next: Offered) => isWanted && setOffered(next);
    put({ state: "loading" });
    providers().then(
      (list) => put({ state: "there", offered: list }),
      (failure: unknown) => put({ state: "failed", failure: asFailure(failure) }),
    );
    return () => {
      isWanted = false;
    };
    // The context gives a new function with every render; only another try asks again.
  }, [turn]);
  return [offered, useCallback(() => setTurn((each) => each + 1), [])];
}
