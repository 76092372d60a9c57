/** Carries out a step of a screen; what goes wrong is told beside its form, and to host and session record. */

import { type Trouble, useTrouble as useTroubleOf } from "@kryptos_connect/ui/components/use-trouble.js";
import { failureTexts } from "@kryptos_connect/ui/i18n/failure-texts.js";
import { useConnect } from "../app/connect.js";

export function useTrouble(): Trouble {
  const { t, has, report, appName } = useConnect();
  return useTroubleOf(
    (failure) => failureTexts(failure, { t, has, app: appName }),
    ({ code, requestId }) => report("error", { code, ...(requestId && { request_id: requestId }) }),
  );
}
