/** What is left when everything is done: usually nobody sees it, for the host takes the widget away. */

import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { returnAddress } from "../host/page.js";
import { useConnect } from "./connect.js";

export function Ended() {
  const { t, appName, host, session } = useConnect();
  const { redirect_uri, session_id } = session;
  return (
    <main class="ended">
      <Icon name="check-circle" />
      <h1>{t("ended.title")}</h1>
      <p class="lead">{t(host.kind === "page" ? "ended.page" : "ended.frame", { app: appName })}</p>
      {/* Browsers lead to another app only when they are asked to by hand, or ask back first. */}
      {host.kind === "page" && redirect_uri !== null && (
        <a class="button button-primary" href={returnAddress(redirect_uri, session_id)}>
          {t("ended.return", { app: appName })}
        </a>
      )}
    </main>
  );
}
