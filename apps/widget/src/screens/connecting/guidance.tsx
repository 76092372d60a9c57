/** Folded away beside the form: how to find the address, what is good to know, and what is read. */

import { Accordion, Icon } from "@kryptos_connect/ui/components/index.js";
import { useConnect } from "../../app/connect.js";
import type { Provider } from "../../contracts.js";
import type { MessageKey } from "../../i18n/texts.js";
import "./guidance.css";

interface Props {
  readonly provider: Provider;
}

const FAMILIES = ["evm", "solana", "utxo"] as const;
const GOOD_TO_KNOW: readonly MessageKey[] = [
  "know.read_only",
  "know.public",
  "know.never_keys",
  "know.remove",
];
const READ: readonly MessageKey[] = ["features.balances", "features.transactions"];
const NOT_READ: readonly MessageKey[] = ["features.defi", "features.nfts"];

export function Guidance({ provider }: Props) {
  const { t } = useConnect();
  return (
    <div class="guidance">
      <Accordion title={t("steps.title")}>
        <Steps provider={provider} />
      </Accordion>
      <Accordion title={t("know.title")}>
        <ul class="guidance-list">
          {GOOD_TO_KNOW.map((key) => (
            <li key={key}>
              <Icon name="shield" />
              <span>{t(key)}</span>
            </li>
          ))}
        </ul>
      </Accordion>
      <Accordion title={t("features.title")}>
        <Features />
      </Accordion>
    </div>
  );
}

function Steps({ provider }: Props) {
  const { t } = useConnect();
  const name = provider.publicName;
  const families = FAMILIES.filter((each) => provider.families.includes(each));
  return (
    <ol class="guidance-steps">
      <li>{provider.type === "wallet" ? t("steps.open_wallet", { name }) : t("steps.open_any", { name })}</li>
      <li>{t("steps.receive")}</li>
      {families.map((family) => (
        <li key={family}>{t(`steps.copy_${family}`)}</li>
      ))}
      {families.includes("utxo") && <li>{t("steps.extended_key")}</li>}
      <li>{t("steps.paste")}</li>
    </ol>
  );
}

/** What every chain's reader reads today; the server's status says of each account what it could not read. */
function Features() {
  const { t } = useConnect();
  return (
    <ul class="guidance-list">
      {READ.map((key) => (
        <li key={key}>
          <Icon name="check" class="icon-good" />
          <span>{t(key)}</span>
        </li>
      ))}
      {NOT_READ.map((key) => (
        <li key={key} class="guidance-later">
          <Icon name="clock" />
          <span>{t("features.not_yet", { feature: t(key) })}</span>
        </li>
      ))}
    </ul>
  );
}
