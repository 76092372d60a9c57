/** From which accounts, how it ends, and for how long. */

import { Icon, type IconName } from "@kryptos_connect/ui/components/icon.js";
import { formatDate } from "@kryptos_connect/ui/i18n/formats.js";
import { shortAddress } from "@kryptos_connect/ui/i18n/short-address.js";
import type { ComponentChildren } from "preact";
import { useConnect } from "../../app/connect.js";
import type { Connection } from "../../contracts.js";
import { useProviderNames } from "./use-provider-names.js";

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365.25 * DAY_SECONDS;
const MOST_SHOWN = 4;

interface Props {
  readonly connections: readonly Connection[];
  readonly coversLater: boolean;
}

export function Facts({ connections, coversLater }: Props) {
  const { t, appName } = useConnect();
  const nameOf = useProviderNames();
  const more = connections.length - MOST_SHOWN;
  return (
    <div class="facts">
      {connections.length > 0 && (
        <Fact icon="wallet" text={t("consent.connected", { count: connections.length })}>
          <ul class="fact-list">
            {connections.slice(0, MOST_SHOWN).map((each) => (
              <li key={each.wallet_id}>
                <b>{nameOf(each.provider)}</b> <span>{shortAddress(each.address ?? each.persona ?? "")}</span>
              </li>
            ))}
            {more > 0 && <li>{t("consent.more", { count: more })}</li>}
          </ul>
        </Fact>
      )}
      {coversLater && <Fact icon="plus" text={t("consent.later")} />}
      <Fact icon="trash" text={t("consent.end", { app: appName })} />
      <Fact icon="lock" text={t("consent.never")} />
    </div>
  );
}

/** For how long the app may read. */
export function AccessTime({ seconds }: { readonly seconds: number }) {
  const { t, language } = useConnect();
  const date = formatDate(language, new Date(Date.now() + seconds * 1000));
  const years = Math.round(seconds / YEAR_SECONDS);
  const days = Math.max(1, Math.round(seconds / DAY_SECONDS));
  return years > 0 ? t("consent.years", { count: years, date }) : t("consent.days", { count: days, date });
}

interface FactProps {
  readonly icon: IconName;
  readonly text: string;
  readonly children?: ComponentChildren;
}

function Fact({ icon, text, children }: FactProps) {
  return (
    <div class="fact">
      <Icon name={icon} />
      <div>
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}
