/** Something stands in the way: what it is, and the next step. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { failureTexts } from "@kryptos_connect/ui/i18n/failure-texts.js";
import { useState } from "preact/hooks";
import { useConnect } from "../app/connect.js";
import { isFinal, needsFreshToken } from "../app/failures.js";
import type { ApiFailure } from "../contracts.js";
import { ScreenFrame } from "../ui/screen-frame.js";

interface Props {
  readonly failure: ApiFailure;
  /** Begin again where it went wrong. */
  readonly onRetry: () => Promise<void>;
}

export function Problem({ failure, onRetry }: Props) {
  const { t, has, appName, leave, go } = useConnect();
  const { title, text } = failureTexts(failure, { t, has, app: appName });
  const action =
    failure.code === "UNKNOWN_INTEGRATION"
      ? { label: t("problem.choose_another"), onPress: () => go({ name: "picker" }, { replace: true }) }
      : { label: t(needsFreshToken(failure) ? "problem.start_again" : "retry"), onPress: onRetry };
  return (
    <ScreenFrame
      align="center"
      class="problem"
      picture={
        <span class="big-picture big-picture-problem">
          <Icon name="warning" />
        </span>
      }
      title={title}
      lead={text}
      {...(!isFinal(failure) && { action })}
      below={
        <Button kind="link" onPress={leave}>
          {t("close")}
        </Button>
      }
    >
      {failure.code === "LINK_TOKEN_FAILED" && failure.message !== "" && (
        <p class="quiet-note">{t("problem.app_says", { app: appName, message: failure.message })}</p>
      )}
      {failure.requestId && <RequestId id={failure.requestId} />}
    </ScreenFrame>
  );
}

/** For whoever is asked for help: names the call in the server's log, and tells nothing else. */
function RequestId({ id }: { readonly id: string }) {
  const { t } = useConnect();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    // Where the clipboard is forbidden the id can still be marked and copied by hand.
    await navigator.clipboard?.writeText(id).then(
      () => {
        setCopied(true);
        announce(t("copied"));
      },
      () => undefined,
    );
  };
  return (
    <div class="request-id">
      <span>{t("problem.request_id")}</span>
      <code>{id}</code>
      <Button kind="link" onPress={copy}>
        {t(isCopied ? "copied" : "copy")}
      </Button>
    </div>
  );
}
