/** What was connected in this visit, read live; the person may go at any time. */

import { announce, Button, Icon, Notice } from "@kryptos_connect/ui/components/index.js";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useConnect } from "../app/connect.js";
import type { Providers } from "../contracts.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { useProviders } from "./connecting/use-providers.js";
import { ConnectionCard } from "./status/card.js";
import { KeepControl } from "./status/keep-control.js";
import { StatusPicture } from "./status/picture.js";
import { overallOf, type Progress } from "./status/progress.js";
import { type Following, useProgress } from "./status/use-progress.js";
import "./connecting/quiet.css";
import "./Status.css";

/** Cards are shown before the list of providers is there, with ids for names. */
const NOTHING: Providers = { providers: [], test_accounts: [] };

export function Status() {
  const { t, connected, appName, go, finish } = useConnect();
  const [offered] = useProviders();
  const following = useProgress();
  const state = overallOf(connected);
  const { providers, test_accounts: tests } = offered.state === "there" ? offered.offered : NOTHING;
  useTurnAnnounced(state);
  useFocusKept(connected.length);
  return (
    <ScreenFrame
      title={t(`status.title.${state}`, { count: connected.length })}
      lead={t(`status.lead.${state}`, { app: appName, count: connected.length })}
      picture={<StatusPicture state={state} />}
      align="center"
      class="status"
      action={{ label: t("done"), onPress: finish }}
      below={state === "reading" && <p class="quiet status-note">{t("status.goes_on", { app: appName })}</p>}
    >
      {following.failure && connected.length > 0 && <NotSeen following={following} />}
      {connected.length > 0 && (
        <ul class="connection-cards">
          {connected.map((each) => (
            <ConnectionCard
              key={each.wallet_id}
              connection={each}
              provider={providers.find((provider) => provider.id === each.provider)}
              testName={tests.find((test) => test.persona === each.persona)?.name}
            />
          ))}
        </ul>
      )}
      <div class="status-add">
        <Button onPress={() => go({ name: "picker" })}>
          <Icon name="plus" />
          {connected.length > 0 ? t("status.add_another") : t("status.add_first")}
        </Button>
      </div>
      {connected.length > 0 && <KeepControl />}
    </ScreenFrame>
  );
}

/** What is shown is old: say of when, and that it is tried again. */
function NotSeen({ following }: { readonly following: Following }) {
  const { t, language } = useConnect();
  const time = following.seenAt?.toLocaleTimeString(language, { timeStyle: "short" }) ?? "";
  return (
    <Notice tone="warning" title={t("status.not_seen.title")}>
      {t("status.not_seen.text", { time })}
    </Notice>
  );
}

/** Have the heading read out when it turns to something else. */
function useTurnAnnounced(state: Progress | "none"): void {
  const { t, connected } = useConnect();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    announce(t(`status.title.${state}`, { count: connected.length }));
  }, [state]);
}

/** With a removed card goes the button that had the focus: the heading takes it. */
function useFocusKept(count: number): void {
  const before = useRef(count);
  useLayoutEffect(() => {
    if (count < before.current) document.querySelector<HTMLElement>("h1")?.focus();
    before.current = count;
  }, [count]);
}
