/** Looks up what was typed, once the person pauses: the address of a name, and the chains on which it was used. */

import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useCallback, useEffect, useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Detected } from "../../contracts.js";

/** Contract K-113. */
const PAUSE_MS = 500;

export interface Target {
  readonly kind: "address" | "name";
  readonly text: string;
  /** Whether the account can be on several chains. */
  readonly detects: boolean;
}

export type Lookup =
  | { readonly state: "none" }
  | { readonly state: "looking" }
  /** `detected` is null where the account can be on one chain alone. */
  | { readonly state: "found"; readonly address: string; readonly detected: Detected | null }
  /** `address` is null where a name could not be resolved. */
  | { readonly state: "failed"; readonly address: string | null; readonly failure: ApiFailure };

const NONE: Lookup = { state: "none" };

/** Return how the lookup of a target stands, and how to look again at once. */
export function useLookup(target: Target | null): readonly [Lookup, () => void] {
  const { api } = useConnect();
  const [again, setAgain] = useState({ of: "", turn: 0 });
  const [known, setKnown] = useState<{ readonly of: string; readonly lookup: Lookup }>({
    of: "",
    lookup: NONE,
  });
  const isAsked = target !== null && (target.kind === "name" || target.detects);
  const asked = isAsked ? `${target.kind} ${target.text} ${target.detects}` : "";
  const turn = again.of === asked ? again.turn : 0;
  const key = `${asked} ${turn}`;

  useEffect(() => {
    if (!isAsked) return;
    const control = new AbortController();
    const put = (lookup: Lookup) => control.signal.aborted || setKnown({ of: key, lookup });
    const look = async () => {
      let address = target.kind === "address" ? target.text : null;
      try {
        address ??= (await api.resolveName(target.text, control.signal)).address;
        const detected = target.detects ? await api.detectChains(address, control.signal) : null;
        put({ state: "found", address, detected });
      } catch (failure) {
        put({ state: "failed", address, failure: asFailure(failure) });
      }
    };
    const timer = setTimeout(look, turn > 0 ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [key]);

  const lookAgain = useCallback(() => setAgain({ of: asked, turn: turn + 1 }), [asked, turn]);
  return [lookupOf(target, isAsked, known.of === key ? known.lookup : null), lookAgain];
}

/** What is known of another text is not known of this one. */
function lookupOf(target: Target | null, isAsked: boolean, known: Lookup | null): Lookup {
  if (target === null) return NONE;
  return isAsked ? (known ?? { state: "looking" }) : { state: "found", address: target.text, detected: null };
}
