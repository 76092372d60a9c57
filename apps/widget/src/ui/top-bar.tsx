/** The bar at the top: back, whose widget this is, and the way out. */

import { Badge } from "@kryptos_connect/ui/components/badge.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { useConnect } from "../app/connect.js";
import { LogoPair } from "./logo-pair.js";

interface Props {
  /** Instead of one step back in the history; `null` shows no back button. */
  readonly onBack?: (() => void) | null | undefined;
  /** Whether the two logos stand here; the first screen shows them large instead. */
  readonly hasLogos?: boolean;
}

export function TopBar({ onBack, hasLogos = true }: Props) {
  const { t, canGoBack, back, leave, session } = useConnect();
  const goBack = onBack ?? back;
  const hasBack = onBack === undefined ? canGoBack : onBack !== null;
  return (
    <header class="top-bar">
      <span class="top-bar-side">
        {hasBack && (
          <button type="button" class="icon-button" aria-label={t("back")} onClick={goBack}>
            <Icon name="back" />
          </button>
        )}
      </span>
      <span class="top-bar-middle">
        {hasLogos && <LogoPair size={24} />}
        {session.app.mode === "sandbox" && (
          <Badge tone="warning" title={t("sandbox.title")}>
            {t("sandbox.badge")}
          </Badge>
        )}
      </span>
      <span class="top-bar-side top-bar-end">
        <button type="button" class="icon-button" aria-label={t("close")} onClick={leave}>
          <Icon name="close" />
        </button>
      </span>
    </header>
  );
}
