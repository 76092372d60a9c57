/** One connection: who and where, how far it is read stage by stage, what was found, and how to take it back. */

import {
  Badge,
  ConfirmDialog,
  Icon,
  type IconName,
  Logo,
  Spinner,
} from "@kryptos_connect/ui/components/index.js";
import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { shortAddress } from "@kryptos_connect/ui/i18n/short-address.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Connection, Provider, Stage } from "../../contracts.js";
import { reasonOf, TroubleNotice } from "../connecting/trouble.js";
import { type Progress, progressOf, type StageState, stageStateOf } from "./progress.js";

interface Props {
  readonly connection: Connection;
  readonly provider: Provider | undefined;
  /** The sandbox's name for it, if it is a test account. */
  readonly testName: string | undefined;
}

const TONES = { reading: "info", done: "success", partial: "warning", failed: "error" } as const;

export function ConnectionCard({ connection, provider, testName }: Props) {
  const { t } = useConnect();
  const name = provider?.publicName ?? connection.provider;
  const title = connection.alias ?? testName ?? name;
  const progress = progressOf(connection);
  // Word joiners: the two halves of an address stay on one line.
  const address = shortAddress(connection.address ?? "").replace("…", "\u2060…\u2060");
  return (
    <li class="connection-card" aria-busy={progress === "reading"}>
      <div class="connection-head">
        <Logo src={provider?.logo ?? null} name={name} size={40} />
        <div class="row-texts">
          <h2 class="row-title">{title}</h2>
          <span class="row-subtitle">
            {title !== name ? t("status.provider_address", { provider: name, address }) : address}
          </span>
        </div>
        <Badge tone={TONES[progress]}>{t(`status.badge.${progress}`)}</Badge>
        <Remove connection={connection} name={title} />
      </div>
      <ul class="connection-stages">
        {connection.stages
          .filter((each) => stageStateOf(each) !== "unsupported")
          .map((stage) => (
            <StageLine key={stage.name} stage={stage} provider={name} isReading={progress === "reading"} />
          ))}
      </ul>
      <Found connection={connection} progress={progress} provider={name} />
    </li>
  );
}

const ICONS: Readonly<Record<StageState, IconName>> = {
  reading: "refresh",
  waiting: "clock",
  done: "check",
  partial: "warning",
  failed: "error",
  unsupported: "info",
};

interface StageProps {
  readonly stage: Stage;
  readonly provider: string;
  readonly isReading: boolean;
}

function StageLine({ stage, provider, isReading }: StageProps) {
  const connect = useConnect();
  const { t, has } = connect;
  const state = stageStateOf(stage);
  const key = `status.stage.${stage.name.toLowerCase().replaceAll(" ", "_")}`;
  const isMoving = isReading && (state === "reading" || state === "waiting");
  const { chains_done: done, chains_total: total } = stage;
  return (
    <li class={`connection-stage stage-${state}`}>
      {isMoving ? <Spinner label={t("status.state.reading")} /> : <Icon name={ICONS[state]} />}
      <span class="stage-texts">
        <span>{has(key) ? t(key) : stage.name}</span>
        {state === "failed" || state === "partial" ? (
          <span class="stage-reason">{reasonOf(connect, stage.code, provider)}</span>
        ) : null}
      </span>
      <span class="stage-state">
        {isMoving && total > 1
          ? t("status.chains", { done, count: total })
          : t(`status.state.${isMoving ? "reading" : state}`)}
      </span>
    </li>
  );
}

interface FoundProps {
  readonly connection: Connection;
  readonly progress: Progress;
  readonly provider: string;
}

/** What was found. While it is read, or where nobody could look, "none" would be a guess: it is never said then. */
function Found({ connection, progress, provider }: FoundProps) {
  const connect = useConnect();
  const { t } = connect;
  const count = connection.total_transactions;
  const couldNot = connection.stages.length === 0 ? reasonOf(connect, connection.code, provider) : null;
  return (
    <p class="connection-found">
      {progress === "reading" &&
        (count > 0 ? t("status.found_so_far", { count }) : t("status.still_reading"))}
      {progress === "done" && (count > 0 ? t("status.found", { count }) : t("status.found_nothing"))}
      {progress === "partial" && (count > 0 ? t("status.found_partly", { count }) : t("status.partly"))}
      {progress === "failed" &&
        (count > 0 ? t("status.found_partly", { count }) : (couldNot ?? t("status.unknown")))}{" "}
      {(progress === "partial" || progress === "failed") && t("status.tried_again")}
    </p>
  );
}

function Remove({ connection, name }: { readonly connection: Connection; readonly name: string }) {
  const { t, api, removeConnected, report, appName } = useConnect();
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const remove = async () => {
    try {
      await api.disconnect(connection.wallet_id);
      report("account_removed", { wallet_id: connection.wallet_id });
      removeConnected(connection.wallet_id);
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setAsking(false);
    }
  };
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={t("status.remove", { name })}
        onClick={() => {
          setFailure(null);
          setAsking(true);
        }}
      >
        <Icon name="trash" />
      </button>
      {failure && (
        <div class="connection-trouble">
          <TroubleNotice failure={failure} provider={name} onRetry={remove} />
        </div>
      )}
      {isAsking && (
        <ConfirmDialog
          title={t("status.remove_title", { name })}
          text={t("status.remove_text", { app: appName })}
          confirm={t("status.remove_confirm")}
          cancel={t("cancel")}
          danger
          onConfirm={remove}
          onCancel={() => setAsking(false)}
        />
      )}
    </>
  );
}
