/** A code that was mailed: typed or pasted, verified when it is whole, sent again if it does not come. */

import { useEffect, useState } from "preact/hooks";
import { announce } from "./announcer.js";
import { CODE_LENGTH } from "./code-field.js";
import { useOnce } from "./use-once.js";
import type { Trouble } from "./use-trouble.js";

const WAIT_SECONDS = 30;
const MOST_TRIES = 5;

type Key = "code.short" | "code.wrong" | "code.no_tries" | "code.sent_again";

interface Given {
  readonly t: (key: Key, values?: { readonly count: number }) => string;
  readonly trouble: Trouble;
  /** Rejects with `CODE_INVALID` where the code is not the mailed one. */
  readonly verify: (code: string) => Promise<void>;
  readonly sendAgain: () => Promise<void>;
}

export function useMailedCode({ t, trouble, verify, sendAgain }: Given) {
  const [digits, setDigits] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const [seconds, waitAgain] = useCountdown(WAIT_SECONDS);

  const submit = async (code: string) => {
    if (code.length < CODE_LENGTH) {
      setWrong(t("code.short"));
      return;
    }
    await trouble.during(async () => {
      try {
        await verify(code);
      } catch (failure) {
        if ((failure as { readonly code?: unknown }).code !== "CODE_INVALID") throw failure;
        const left = Math.max(0, MOST_TRIES - tries - 1);
        setTries(tries + 1);
        setDigits("");
        setWrong(left > 0 ? t("code.wrong", { count: left }) : t("code.no_tries"));
      }
    });
  };
  const [isVerifying, run] = useOnce(submit);

  return {
    digits,
    wrong,
    isVerifying,
    /** Until another mail may be asked for. */
    seconds,
    input: (value: string) => {
      setDigits(value);
      if (value !== "") setWrong(null);
      if (value.length === CODE_LENGTH) run(value);
    },
    submit: () => run(digits),
    resend: () =>
      trouble.during(async () => {
        await sendAgain();
        setTries(0);
        setWrong(null);
        setDigits("");
        waitAgain();
        announce(t("code.sent_again"));
      }),
  };
}

/** Seconds until something may be done again, and how to begin anew. */
function useCountdown(from: number): [number, () => void] {
  const [left, setLeft] = useState(from);
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, () => setLeft(from)];
}
