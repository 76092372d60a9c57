/** What the app asks to read, in plain words: what, from where, for how long, how it ends. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { Skeleton } from "@kryptos_connect/ui/components/skeleton.js";
import { needed } from "@kryptos_connect/ui/scopes.js";
import { useEffect, useState } from "preact/hooks";
import { useConnect } from "../app/connect.js";
import type { Connection, ConsentAsked } from "../contracts.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { AskedScopes } from "./consent/asked-scopes.js";
import { AccessTime, Facts } from "./consent/facts.js";
import { useTrouble } from "./use-trouble.js";

interface Asked extends ConsentAsked {
  readonly connections: readonly Connection[];
}

export function Consent() {
  const { t, api, appName, session, setSession, next, exit, report } = useConnect();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set());
  const trouble = useTrouble();

  const load = () =>
    trouble.during(async () => {
      const [consent, connections] = await Promise.all([api.consent(), api.connections()]);
      setAsked({ ...consent, connections });
    });
  useEffect(() => void load(), []);

  const scopes = asked?.scopes.map(({ scope }) => scope) ?? [];
  const granted = scopes.filter((scope) => !refused.has(scope));

  const allow = () =>
    trouble.during(async () => {
      setSession(await api.giveConsent(true, granted.length < scopes.length ? granted : undefined));
      report("consent_given", { scopes: granted.length, asked: scopes.length });
      next();
    });

  const refuse = async () => {
    // Whether or not the answer is recorded, nothing is shared: there is nothing to hold the person for.
    await api.giveConsent(false).catch(() => undefined);
    exit("The person did not consent");
  };

  const toggle = (scope: string) => {
    if (needed(scope)) return;
    const after = new Set(refused);
    if (!after.delete(scope)) after.add(scope);
    setRefused(after);
  };

  const who = session.user?.email ?? t("consent.guest");
  const where = session.workspace?.name ?? "";
  return (
    <ScreenFrame
      class="consent"
      title={t("consent.title", { app: appName })}
      lead={t("consent.lead", { workspace: where, who })}
      action={
        asked || !trouble.failure
          ? { label: t("consent.allow"), onPress: allow, disabled: !asked }
          : { label: t("retry"), onPress: load }
      }
      note={asked && <AccessTime seconds={asked.access_seconds} />}
      below={
        <Button kind="link" onPress={refuse}>
          {t("consent.refuse")}
        </Button>
      }
    >
      {trouble.notice}
      {session.app.mode === "sandbox" && (
        <Notice tone="info">{t("consent.sandbox", { app: appName })}</Notice>
      )}
      {asked ? (
        <>
          <AskedScopes scopes={scopes} refused={refused} onToggle={toggle} />
          <Facts connections={asked.connections} coversLater={asked.covers_later_connections} />
        </>
      ) : (
        !trouble.failure && <Skeleton shape="row" count={6} />
      )}
    </ScreenFrame>
  );
}
