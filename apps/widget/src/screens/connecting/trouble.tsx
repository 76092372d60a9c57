/** What went wrong, told by its code: cause and next step, in the person's language. */

import { Notice } from "@kryptos_connect/ui/components/index.js";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Connect } from "../../contracts.js";

export interface Trouble {
  readonly title: string;
  readonly text: string;
}

type Words = Pick<Connect, "t" | "has">;

/** Steps that this session lost, because it was begun anew: the way on is where the session says. */
const STEPS_MISSING: readonly string[] = ["SIGN_IN_REQUIRED", "WORKSPACE_REQUIRED", "CONSENT_REQUIRED"];

const SECONDS_IN_MINUTE = 60;

/** Return the words for a failure; `provider` is whom it is about. */
export function troubleOf(words: Words, failure: ApiFailure, provider = ""): Trouble {
  const { t, has } = words;
  if (failure.code === "RATE_LIMIT_EXCEEDED")
    return { title: t("trouble.RATE_LIMIT_EXCEEDED.title"), text: wait(words, failure) };
  const [title, text] = [`trouble.${failure.code}.title`, `trouble.${failure.code}.text`];
  if (has(title) && has(text)) return { title: t(title, { provider }), text: t(text, { provider }) };
  const request = failure.requestId;
  return {
    title: t("trouble.other.title"),
    text: request ? t("trouble.other.text_with_request", { request }) : t("trouble.other.text"),
  };
}

/** Say how a stage or connection failed: a code of the reader's, not of this API's. */
export function reasonOf({ t, has }: Words, code: string | null, provider: string): string {
  const key = `reason.${code}`;
  return has(key) ? t(key, { provider }) : t("reason.other", { provider });
}

function wait({ t }: Words, { retryAfterSeconds }: ApiFailure): string {
  if (retryAfterSeconds === null) return t("trouble.wait");
  return retryAfterSeconds < 2 * SECONDS_IN_MINUTE
    ? t("trouble.wait_seconds", { count: Math.max(1, Math.ceil(retryAfterSeconds)) })
    : t("trouble.wait_minutes", { count: Math.ceil(retryAfterSeconds / SECONDS_IN_MINUTE) });
}

interface Props {
  readonly failure: ApiFailure;
  readonly provider?: string;
  readonly onRetry?: () => void | Promise<void>;
}

/** Shows a failure with the button that helps. */
export function TroubleNotice({ failure, provider = "", onRetry }: Props) {
  const connect = useConnect();
  const { title, text } = troubleOf(connect, failure, provider);
  const action = STEPS_MISSING.includes(failure.code)
    ? { label: connect.t("continue"), onPress: connect.next }
    : onRetry && { label: connect.t("retry"), onPress: onRetry };
  return (
    <Notice tone="error" title={title} {...(action && { action })}>
      {text}
    </Notice>
  );
}
