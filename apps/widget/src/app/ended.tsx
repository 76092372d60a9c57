/** What is left when everything is done: usually nobody sees it, for the host takes the widget away. */

import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { useConnect } from "./connect.js";

export function Ended() {
  const { t, appName, host } = useConnect();
  return (
    <main class="ended">
      <Icon name="check-circle" />
      <h1>{t("ended.title")}</h1>
      <p class="lead">{t(host.kind === "page" ? "ended.page" : "ended.frame", { app: appName })}</p>
    </main>
  );
}
