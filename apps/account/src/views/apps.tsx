/** The overview: which apps have access, what they did with it, and a button to end it. */

import { Accordion } from "@kryptos_connect/ui/components/accordion.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { Logo } from "@kryptos_connect/ui/components/logo.js";
import { Skeleton } from "@kryptos_connect/ui/components/skeleton.js";
import { useAccount, usePage } from "../app/contexts.js";
import { addressOf } from "../app/route.js";
import { useLoaded } from "../app/use-loaded.js";
import type { Grant } from "../contracts.js";
import { formatDate } from "../i18n/times.js";
import { Empty } from "../parts/empty.js";
import { EndAccess, EndAllAccess } from "../parts/end-access.js";
import { GrantFacts, Marks, ShortScopes } from "../parts/grant-words.js";
import { GuestHint } from "../parts/guest-hint.js";
import { LoadTrouble, View } from "../parts/view.js";

const SCOPES_ON_A_CARD = 4;

export function Apps() {
  const { t, api } = usePage();
  const { person } = useAccount();
  const loaded = useLoaded(api.grants, person.id);
  const active = loaded.value?.filter((each) => each.status === "active") ?? [];
  const ended = loaded.value?.filter((each) => each.status !== "active") ?? [];
  const isEmpty = loaded.value !== null && active.length === 0;
  return (
    <View
      title={t("apps.title")}
      lead={active.length > 0 && t("apps.lead", { count: active.length })}
      isBusy={loaded.value === null && loaded.failure === null}
    >
      <LoadTrouble loaded={loaded} />
      {loaded.value === null && loaded.failure === null && <CardSkeletons />}
      {person.is_guest && loaded.value !== null && <GuestHint />}
      {isEmpty && <Empty icon="shield" title={t("apps.none_title")} text={t("apps.none_text")} />}
      {active.map((grant) => (
        <GrantCard key={grant.grant_id} grant={grant} onEnded={loaded.reload} />
      ))}
      {active.length > 1 && (
        <div class="view-foot">
          <EndAllAccess onEnded={loaded.reload} />
        </div>
      )}
      {ended.length > 0 && (
        <Accordion title={t("apps.ended", { count: ended.length })}>
          <ul class="ended-list">
            {ended.map((grant) => (
              <EndedGrant key={grant.grant_id} grant={grant} />
            ))}
          </ul>
        </Accordion>
      )}
    </View>
  );
}

interface CardProps {
  readonly grant: Grant;
  readonly onEnded: () => Promise<void>;
}

function GrantCard({ grant, onEnded }: CardProps) {
  const { t } = usePage();
  const { client, workspace } = grant;
  return (
    <article class="card grant">
      <header class="card-head">
        <Logo src={client.logo} name={client.name} size={40} />
        <div class="card-titles">
          <h2>
            <a class="title-link" href={addressOf({ name: "app", grantId: grant.grant_id })}>
              {client.name}
            </a>
          </h2>
          <p class="quiet">
            {t("app.workspace")}: {workspace.name}
          </p>
        </div>
        <Marks grant={grant} />
      </header>
      <ShortScopes grant={grant} most={SCOPES_ON_A_CARD} />
      <GrantFacts grant={grant} />
      <footer class="card-foot">
        <a
          class="button button-secondary"
          href={addressOf({ name: "app", grantId: grant.grant_id })}
          aria-label={t("app.details_of", { app: client.name })}
        >
          {t("app.details")}
        </a>
        <EndAccess grant={grant} onEnded={onEnded} />
      </footer>
    </article>
  );
}

function EndedGrant({ grant }: { readonly grant: Grant }) {
  const { t, language } = usePage();
  const at = grant.ended_at ?? grant.expires_at;
  return (
    <li>
      <a class="row row-pressable" href={addressOf({ name: "app", grantId: grant.grant_id })}>
        <Logo src={grant.client.logo} name={grant.client.name} size={32} />
        <span class="row-texts">
          <span class="row-title">{grant.client.name}</span>
          <span class="row-subtitle">
            {t(`app.status.${grant.status}`)} · {formatDate(language, at)}
          </span>
        </span>
        <span class="row-trailing">
          <Icon name="chevron-end" />
        </span>
      </a>
    </li>
  );
}

export function CardSkeletons({ count = 2 }: { readonly count?: number }) {
  const { t } = usePage();
  return (
    <>
      <span class="visually-hidden">{t("loading")}</span>
      {Array.from({ length: count }, (_, at) => (
        <div key={at} class="card" aria-hidden="true">
          <Skeleton shape="row" />
          <Skeleton shape="line" count={3} />
          <Skeleton shape="block" />
        </div>
      ))}
    </>
  );
}
