/** Tells a guest why an address would help; the address itself is added among their data. */

import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { useAccount, usePage } from "../app/contexts.js";

export function GuestHint() {
  const { t } = usePage();
  const { go } = useAccount();
  return (
    <Notice
      tone="warning"
      title={t("guest.title")}
      action={{ label: t("guest.action"), onPress: () => go({ name: "data" }) }}
    >
      {t("guest.text")}
    </Notice>
  );
}
