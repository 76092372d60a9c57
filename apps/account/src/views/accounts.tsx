/** The connected accounts: how each stands, which apps can read it, and a button to remove it. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Badge } from "@kryptos_connect/ui/components/badge.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { ConfirmDialog } from "@kryptos_connect/ui/components/confirm-dialog.js";
import { Logo } from "@kryptos_connect/ui/components/logo.js";
import { formatNumber } from "@kryptos_connect/ui/i18n/formats.js";
import { shortAddress } from "@kryptos_connect/ui/i18n/short-address.js";
import { useState } from "preact/hooks";
import { useAccount, usePage } from "../app/contexts.js";
import { useLoaded } from "../app/use-loaded.js";
import type { Connection } from "../contracts.js";
import { formatAgo, formatDate, formatMoment } from "../i18n/times.js";
import { Empty } from "../parts/empty.js";
import { Fact, Facts } from "../parts/facts.js";
import { useTrouble } from "../parts/use-trouble.js";
import { LoadTrouble, View } from "../parts/view.js";
import { CardSkeletons } from "./apps.js";

const CHAINS_SHOWN = 6;

export function Accounts() {
  const { t, api } = usePage();
  const { person } = useAccount();
  const loaded = useLoaded(api.connections, person.id);
  const all = loaded.value;
  const isLoading = all === null && loaded.failure === null;
  return (
    <View
      title={t("accounts.title")}
      lead={all && all.length > 0 && t("accounts.lead", { count: all.length })}
      isBusy={isLoading}
    >
      <LoadTrouble loaded={loaded} />
      {isLoading && <CardSkeletons count={3} />}
      {all?.length === 0 && (
        <Empty icon="wallet" title={t("accounts.none_title")} text={t("accounts.none_text")} />
      )}
      {all?.map((each) => (
        <ConnectionCard key={each.wallet_id} connection={each} onRemoved={loaded.reload} />
      ))}
    </View>
  );
}

type State = "reading" | "done" | "partial" | "failed" | "paused";

const TONES = {
  reading: "info",
  done: "success",
  partial: "warning",
  failed: "error",
  paused: "neutral",
} as const;

/** The server's words, as the widget reads them; one that is not known counts as not settled. */
export function stateOf({ status, is_paused: isPaused }: Pick<Connection, "status" | "is_paused">): State {
  if (isPaused) return "paused";
  if (status === "COMPLETED") return "done";
  if (status === "PARTIALLY SYNCED") return "partial";
  return status === "FAILED" ? "failed" : "reading";
}

interface CardProps {
  readonly connection: Connection;
  readonly onRemoved: () => Promise<void>;
}

function ConnectionCard({ connection, onRemoved }: CardProps) {
  const { t } = usePage();
  const { provider, address, alias } = connection;
  const state = stateOf(connection);
  return (
    <article class="card">
      <header class="card-head">
        <Logo src={provider.logo} name={provider.name} size={40} />
        <div class="card-titles">
          <h2>{alias ?? provider.name}</h2>
          <p class="quiet">
            {alias !== null && `${provider.name}${address === null ? "" : " · "}`}
            {address !== null && <span title={address}>{shortAddress(address)}</span>}
          </p>
        </div>
        <span class="marks">
          {connection.mode === "sandbox" && <Badge tone="warning">{t("accounts.test")}</Badge>}
          <Badge tone={TONES[state]}>{t(`accounts.state.${state}`)}</Badge>
        </span>
      </header>
      {state === "paused" && <p class="quiet">{t("accounts.paused_text")}</p>}
      <ConnectionFacts connection={connection} />
      {connection.can_remove && (
        <footer class="card-foot">
          <Remove connection={connection} onRemoved={onRemoved} />
        </footer>
      )}
    </article>
  );
}

function ConnectionFacts({ connection }: { readonly connection: Connection }) {
  const { t, language } = usePage();
  const { last_synced_at: last, chains, apps } = connection;
  const more = chains.length - CHAINS_SHOWN;
  const names = chains.slice(0, CHAINS_SHOWN).map((chain) => chain.name);
  return (
    <Facts>
      <Fact name={t("accounts.added")}>{formatDate(language, connection.added_at)}</Fact>
      <Fact name={t("accounts.last_read")}>
        {last === null ? (
          t("accounts.never")
        ) : (
          <time dateTime={last} title={formatMoment(language, last)}>
            {formatAgo(language, last)}
          </time>
        )}
      </Fact>
      <Fact name={t("accounts.transactions")}>{formatNumber(language, connection.transactions)}</Fact>
      <Fact name={t("accounts.apps")}>
        {apps.length === 0
          ? t("accounts.no_apps")
          : listed(
              apps.map(({ name }) => name),
              language,
            )}
      </Fact>
      {chains.length > 0 && (
        <Fact name={t("accounts.chains")}>
          {listed(names, language)}
          {more > 0 && ` ${t("app.more_scopes", { count: more })}`}
        </Fact>
      )}
    </Facts>
  );
}

const listed = (names: readonly string[], language: string) =>
  new Intl.ListFormat(language, { style: "narrow", type: "unit" }).format([...new Set(names)]);

function Remove({ connection, onRemoved }: CardProps) {
  const { t, api } = usePage();
  const [isAsking, setAsking] = useState(false);
  const trouble = useTrouble();
  const { provider, alias, address } = connection;
  const account = alias ?? (address === null ? provider.name : `${provider.name} ${shortAddress(address)}`);
  const remove = async () => {
    await trouble.during(async () => {
      await api.disconnect(connection.wallet_id);
      announce(t("accounts.removed", { account }));
      await onRemoved();
      // With the card goes the button that had the focus.
      document.querySelector<HTMLElement>("h1")?.focus();
    });
    setAsking(false);
  };
  return (
    <>
      <Button kind="danger" label={t("accounts.remove_of", { account })} onPress={() => setAsking(true)}>
        {t("accounts.remove")}
      </Button>
      {trouble.notice}
      {isAsking && (
        <ConfirmDialog
          title={t("accounts.remove_title", { account })}
          text={
            <ul class="confirm-list">
              <li>{t("accounts.remove_deleted")}</li>
              <li>{t("accounts.remove_copied")}</li>
              <li>{t("accounts.remove_again")}</li>
            </ul>
          }
          confirm={t("accounts.remove_confirm")}
          cancel={t("cancel")}
          danger
          onConfirm={remove}
          onCancel={() => setAsking(false)}
        />
      )}
    </>
  );
}
