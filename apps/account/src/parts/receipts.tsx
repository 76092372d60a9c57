/** The signed receipts of an access: to download, and how anybody can check them. */

import { Accordion } from "@kryptos_connect/ui/components/accordion.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { Skeleton } from "@kryptos_connect/ui/components/skeleton.js";
import { saveJson } from "../api/download.js";
import { usePage } from "../app/contexts.js";
import { useLoaded } from "../app/use-loaded.js";
import type { Grant, Receipt } from "../contracts.js";
import { formatDate, formatMoment } from "../i18n/times.js";
import { LoadTrouble } from "./view.js";

/** A new receipt is written whenever the access changes. */
export function Receipts({ grant }: { readonly grant: Grant }) {
  const { t, api } = usePage();
  const version = `${grant.grant_id} ${grant.status} ${grant.renewed_at}`;
  const loaded = useLoaded(() => api.receipts(grant.grant_id), version);
  return (
    <section class="card" aria-busy={loaded.value === null && loaded.failure === null}>
      <h2>{t("receipts.title")}</h2>
      <LoadTrouble loaded={loaded} />
      {loaded.value === null && loaded.failure === null && <Skeleton shape="row" count={2} />}
      {loaded.value?.length === 0 && <p class="quiet">{t("receipts.none")}</p>}
      {loaded.value && loaded.value.length > 0 && (
        <>
          <p class="quiet">{t("receipts.lead")}</p>
          {/* biome-ignore lint/a11y/noRedundantRoles: a list without bullets is no list to VoiceOver unless it says so */}
          <ul role="list" class="receipts">
            {loaded.value.map((receipt) => (
              <Row key={receipt.id} receipt={receipt} />
            ))}
          </ul>
        </>
      )}
      <Accordion title={t("receipts.check")}>
        <p>{t("receipts.check_text")}</p>
        <p>{t("receipts.check_command")}</p>
        <pre>
          <code>kryptos verify-receipt receipt.json</code>
        </pre>
        <p>{t("receipts.check_result")}</p>
      </Accordion>
    </section>
  );
}

function Row({ receipt }: { readonly receipt: Receipt }) {
  const { t, language } = usePage();
  const event = t(`receipts.event.${receipt.event}`);
  const date = formatDate(language, receipt.issued_at);
  return (
    <li class="receipt">
      <Icon name="receipt" />
      <span class="receipt-texts">
        <span>{event}</span>
        <time class="quiet" dateTime={receipt.issued_at}>
          {formatMoment(language, receipt.issued_at)}
        </time>
      </span>
      <Button
        kind="link"
        label={t("receipts.download_of", { event, date })}
        onPress={() => saveJson(fileName(receipt), receipt.file)}
      >
        <Icon name="download" />
        {t("receipts.download")}
      </Button>
    </li>
  );
}

const fileName = ({ event, issued_at }: Receipt) => `kryptos-receipt-${issued_at.slice(0, 10)}-${event}.json`;
