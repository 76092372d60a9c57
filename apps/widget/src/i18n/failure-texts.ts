/** What went wrong, and what to do next, in the person's language. */

import type { ApiFailure, Translate } from "../contracts.js";
import type { MessageKey } from "./texts.js";

interface Language {
  readonly t: Translate;
  readonly has: (key: string) => key is MessageKey;
  readonly app: string;
}

/** By the failure's code; one nobody has written about is told as what it is: unexpected. */
export function failureTexts(
  failure: ApiFailure,
  { t, has, app }: Language,
): { title: string; text: string } {
  const values = {
    app,
    name: failure.message,
    count: Math.max(1, Math.ceil((failure.retryAfterSeconds ?? 60) / 60)),
  };
  const text = (part: "title" | "text") => {
    const key = `problem.${failure.code}.${part}`;
    return t(has(key) ? key : `problem.UNEXPECTED.${part}`, values);
  };
  return { title: text("title"), text: text("text") };
}
