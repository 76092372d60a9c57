/** Somebody followed a management link: it is explained, and opened by one press. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { useState } from "preact/hooks";
import { usePage } from "../app/contexts.js";
import type { Session } from "../contracts.js";
import { Alone } from "../parts/alone.js";
import { useTrouble } from "../parts/use-trouble.js";

interface Props {
  readonly linkKey: string;
  readonly onSignedIn: (session: Session) => void;
  readonly onOtherwise: () => void;
}

export function ManagementLink({ linkKey, onSignedIn, onOtherwise }: Props) {
  const { t, api } = usePage();
  const [isUsed, setUsed] = useState(false);
  const trouble = useTrouble();

  const open = () =>
    trouble.during(async () => {
      try {
        onSignedIn(await api.openLink(linkKey));
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === "MANAGEMENT_LINK_INVALID")) throw failure;
        setUsed(true);
      }
    });

  if (isUsed) {
    return (
      <Alone key="used" title={t("link.used_title")} lead={t("link.used_text")}>
        <Button kind="primary" onPress={onOtherwise}>
          {t("link.sign_in")}
        </Button>
      </Alone>
    );
  }
  return (
    <Alone key="open" title={t("link.title")} lead={t("link.lead")}>
      {trouble.notice}
      <ul class="plain-list">
        <li>{t("link.once")}</li>
        <li>{t("link.yours")}</li>
      </ul>
      <Button kind="primary" onPress={open}>
        {t("link.open")}
      </Button>
      <Button kind="link" onPress={onOtherwise}>
        {t("link.sign_in")}
      </Button>
    </Alone>
  );
}
