/** Carries out a step, and tells beside the form what went wrong with it. */

import { useState } from "preact/hooks";
import { asFailure } from "../api/client.js";
import { useConnect } from "../app/connect.js";
import type { ApiFailure } from "../contracts.js";
import { failureTexts } from "../i18n/failure-texts.js";
import { Notice } from "../ui/notice.js";

/** What was typed stays where it is; `notice` is null while nothing is wrong. */
export function useTrouble() {
  const { t, has, report, appName } = useConnect();
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const texts = failure && failureTexts(failure, { t, has, app: appName });
  return {
    failure,
    clear: () => setFailure(null),
    during: async (work: () => Promise<void>) => {
      setFailure(null);
      try {
        await work();
      } catch (thrown) {
        const found = asFailure(thrown);
        setFailure(found);
        report("error", { code: found.code, ...(found.requestId && { request_id: found.requestId }) });
      }
    },
    notice: texts && (
      <Notice tone="error" title={texts.title}>
        {texts.text}
      </Notice>
    ),
  };
}
