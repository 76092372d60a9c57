/** Carries out a step, and tells beside the form what went wrong with it. */

import { useState } from "preact/hooks";
import { type ApiFailure, asFailure } from "../http/errors.js";
import { Notice } from "./notice.js";

export interface Trouble {
  readonly failure: ApiFailure | null;
  readonly clear: () => void;
  readonly during: (work: () => Promise<void>) => Promise<void>;
  /** Null while nothing is wrong. */
  readonly notice: preact.ComponentChild;
}

/** What was typed stays where it is. */
export function useTrouble(
  tell: (failure: ApiFailure) => { readonly title: string; readonly text: string },
  onFailure: (failure: ApiFailure) => void = () => undefined,
): Trouble {
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const texts = failure && tell(failure);
  return {
    failure,
    clear: () => setFailure(null),
    during: async (work) => {
      setFailure(null);
      try {
        await work();
      } catch (thrown) {
        const found = asFailure(thrown);
        setFailure(found);
        onFailure(found);
      }
    },
    notice: texts && (
      <Notice tone="error" title={texts.title}>
        {texts.text}
      </Notice>
    ),
  };
}
