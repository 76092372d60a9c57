/** Every reading of an app, by days, the newest first; older ones on request. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { Skeleton } from "@kryptos_connect/ui/components/skeleton.js";
import { usePage } from "../app/contexts.js";
import { useLoaded } from "../app/use-loaded.js";
import type { Access, Grant } from "../contracts.js";
import { dayOf, formatDay, formatTime } from "../i18n/times.js";
import { useTrouble } from "./use-trouble.js";
import { LoadTrouble } from "./view.js";

export function Readings({ grant }: { readonly grant: Grant }) {
  const { t, api } = usePage();
  const loaded = useLoaded(() => api.accesses(grant.grant_id, null), grant.grant_id);
  const trouble = useTrouble();
  const shown = loaded.value;

  const more = () =>
    trouble.during(async () => {
      if (!shown) return;
      const older = await api.accesses(grant.grant_id, shown.next);
      loaded.set({ accesses: [...shown.accesses, ...older.accesses], next: older.next });
      announce(t("reads.shown", { count: older.accesses.length }));
    });

  return (
    <section class="card" aria-busy={shown === null && loaded.failure === null}>
      <h2>{t("reads.title")}</h2>
      <LoadTrouble loaded={loaded} />
      {shown === null && loaded.failure === null && <Skeleton shape="line" count={5} />}
      {shown?.accesses.length === 0 && <p class="quiet">{t("reads.none", { app: grant.client.name })}</p>}
      {shown && shown.accesses.length > 0 && (
        <>
          <p class="quiet">{t("reads.lead")}</p>
          {byDays(shown.accesses).map((accesses) => (
            <Day key={accesses[0]?.id} accesses={accesses} />
          ))}
        </>
      )}
      {trouble.notice}
      {shown && shown.next !== null && <Button onPress={more}>{t("reads.more")}</Button>}
    </section>
  );
}

function Day({ accesses }: { readonly accesses: readonly Access[] }) {
  const { language } = usePage();
  const [first] = accesses;
  return (
    <div class="day">
      <h3>{first && formatDay(language, first.at)}</h3>
      {/* biome-ignore lint/a11y/noRedundantRoles: a list without bullets is no list to VoiceOver unless it says so */}
      <ul role="list" class="readings">
        {accesses.map((access) => (
          <Reading key={access.id} access={access} />
        ))}
      </ul>
    </div>
  );
}

function Reading({ access }: { readonly access: Access }) {
  const { t, language } = usePage();
  return (
    <li class="reading">
      <time dateTime={access.at}>{formatTime(language, access.at)}</time>
      <span class="reading-what">
        <span>{t(`reads.${whatOf(access.endpoint)}`)}</span>
        <code class="reading-endpoint">{access.endpoint}</code>
      </span>
      {access.rows !== null && <span class="reading-rows">{t("reads.rows", { count: access.rows })}</span>}
    </li>
  );
}

/** Readings in order, cut where the day changes. */
function byDays(accesses: readonly Access[]): readonly (readonly Access[])[] {
  const days: Access[][] = [];
  for (const access of accesses) {
    const last = days.at(-1);
    if (last?.[0] && dayOf(last[0].at) === dayOf(access.at)) last.push(access);
    else days.push([access]);
  }
  return days;
}

const KINDS = ["resync", "holdings", "transactions", "integrations", "userinfo"] as const;

/** What an endpoint gives, by the last word of its path that is known. */
export function whatOf(endpoint: string): (typeof KINDS)[number] | "other" {
  const words = endpoint.split(/[/\s]/);
  return KINDS.find((kind) => words.includes(kind)) ?? "other";
}
