/** Ends the access of one app, after saying exactly what that does. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { ConfirmDialog } from "@kryptos_connect/ui/components/confirm-dialog.js";
import { useState } from "preact/hooks";
import { usePage } from "../app/contexts.js";
import type { Grant } from "../contracts.js";
import { useTrouble } from "./use-trouble.js";

interface Props {
  readonly grant: Grant;
  /** Read the truth anew. */
  readonly onEnded: () => Promise<void>;
}

export function EndAccess({ grant, onEnded }: Props) {
  const { t, api } = usePage();
  const app = grant.client.name;
  return (
    <Ending
      label={t("app.end")}
      spokenLabel={t("app.end_of", { app })}
      title={t("end.title", { app })}
      app={app}
      confirm={t("end.confirm")}
      end={async () => {
        await api.revoke(grant.grant_id);
        announce(t("end.done", { app }));
        await onEnded();
      }}
    />
  );
}

export function EndAllAccess({ onEnded }: Pick<Props, "onEnded">) {
  const { t, api } = usePage();
  return (
    <Ending
      label={t("apps.end_all")}
      title={t("apps.end_all_title")}
      app={null}
      confirm={t("apps.end_all_confirm")}
      end={async () => {
        await api.revokeAll();
        announce(t("apps.all_ended"));
        await onEnded();
      }}
    />
  );
}

interface EndingProps {
  readonly label: string;
  readonly spokenLabel?: string;
  readonly title: string;
  /** Null for all of them. */
  readonly app: string | null;
  readonly confirm: string;
  readonly end: () => Promise<void>;
}

function Ending({ label, spokenLabel, title, app, confirm, end }: EndingProps) {
  const { t } = usePage();
  const [isAsking, setAsking] = useState(false);
  const trouble = useTrouble();
  const text = (key: "next_call" | "copied" | "again") =>
    app === null ? t(`end_all.${key}`) : t(`end.${key}`, { app });
  return (
    <>
      <Button kind="danger" onPress={() => setAsking(true)} {...(spokenLabel && { label: spokenLabel })}>
        {label}
      </Button>
      {trouble.notice}
      {isAsking && (
        <ConfirmDialog
          title={title}
          text={
            <ul class="confirm-list">
              <li>{text("next_call")}</li>
              <li>{text("copied")}</li>
              <li>{t("end.reading_stops")}</li>
              <li>{text("again")}</li>
            </ul>
          }
          confirm={confirm}
          cancel={t("cancel")}
          danger
          onConfirm={async () => {
            await trouble.during(end);
            setAsking(false);
          }}
          onCancel={() => setAsking(false)}
        />
      )}
    </>
  );
}
