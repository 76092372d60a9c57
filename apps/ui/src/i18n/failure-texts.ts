/** What went wrong, and what to do next, in the person's language. */

import type { ApiFailure } from "../http/errors.js";
import type { Texts } from "./texts.js";

type Unexpected = "problem.UNEXPECTED.title" | "problem.UNEXPECTED.text";

interface Language<Key extends string> extends Pick<Texts<Key, never>, "t" | "has"> {
  /** Whom the texts name. */
  readonly app: string;
}

/** By the failure's code; one nobody has written about is told as what it is: unexpected. */
export function failureTexts<Key extends string>(
  failure: ApiFailure,
  { t, has, app }: Language<Key | Unexpected>,
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
