/** An app's access in plain words: its marks, what it may do, and the facts about it. */

import { Badge } from "@kryptos_connect/ui/components/badge.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { grouped } from "@kryptos_connect/ui/scopes.js";
import { usePage } from "../app/contexts.js";
import type { Grant } from "../contracts.js";
import { formatAgo, formatDate, formatMoment } from "../i18n/times.js";
import { Fact, Facts } from "./facts.js";

/** The server counts no further. */
const MOST_COUNTED = 10_000;

/** Whether it is a test, and how it stands where it has ended. */
export function Marks({ grant }: { readonly grant: Grant }) {
  const { t } = usePage();
  const isTest = grant.client.mode === "sandbox";
  return (
    <span class="marks">
      <Badge tone={isTest ? "warning" : "success"} title={t(isTest ? "app.test_title" : "app.live_title")}>
        {t(isTest ? "app.test" : "app.live")}
      </Badge>
      {grant.status !== "active" && <Badge>{t(`app.status.${grant.status}`)}</Badge>}
    </span>
  );
}

/** What it reads and may change, at most `most` of it. */
export function ShortScopes({ grant, most }: { readonly grant: Grant; readonly most: number }) {
  const { t } = usePage();
  const words = useScopeWords();
  const { data, changes, you } = grouped(grant.scopes);
  const reading = data.length > 0 ? data : you;
  const more = reading.length - most;
  return (
    <>
      <ScopeList title={t("app.can_read")} scopes={reading.slice(0, most)} words={words}>
        {more > 0 && <li class="quiet">{t("app.more_scopes", { count: more })}</li>}
      </ScopeList>
      <ScopeList title={t("app.can_change")} scopes={changes} words={words} isChange />
    </>
  );
}

export function AllScopes({ grant }: { readonly grant: Grant }) {
  const { t } = usePage();
  const words = useScopeWords();
  const { data, changes, you } = grouped(grant.scopes);
  return (
    <div class="scope-groups">
      <ScopeList title={t("app.can_read")} scopes={data} words={words} />
      <ScopeList title={t("app.can_change")} scopes={changes} words={words} isChange />
      <ScopeList title={t("app.knows")} scopes={you} words={words} />
    </div>
  );
}

/** A scope nobody has written about is told by its name. */
function useScopeWords(): (scope: string) => string {
  const { t, has } = usePage();
  return (scope) => {
    const key = `scope.${scope}`;
    return has(key) ? t(key) : scope;
  };
}

interface ListProps {
  readonly title: string;
  readonly scopes: readonly string[];
  readonly words: (scope: string) => string;
  readonly isChange?: boolean;
  readonly children?: preact.ComponentChildren;
}

function ScopeList({ title, scopes, words, isChange = false, children }: ListProps) {
  if (scopes.length === 0) return null;
  return (
    <div class="scope-list">
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noRedundantRoles: a list without bullets is no list to VoiceOver unless it says so */}
      <ul role="list">
        {scopes.map((scope) => (
          <li key={scope}>
            <Icon name={isChange ? "pencil" : "check"} />
            <span>{words(scope)}</span>
          </li>
        ))}
        {children}
      </ul>
    </div>
  );
}

/** Since when, until when, how often. */
export function GrantFacts({ grant }: { readonly grant: Grant }) {
  const { t, language } = usePage();
  const date = (at: string) => formatDate(language, at);
  const { last_access_at: last } = grant;
  return (
    <Facts>
      <Fact name={t("app.since")}>{date(grant.granted_at)}</Fact>
      {grant.ended_at !== null && grant.status !== "active" ? (
        <Fact name={t("app.ended_at")}>{date(grant.ended_at)}</Fact>
      ) : (
        <Fact name={t("app.until")}>{date(grant.expires_at)}</Fact>
      )}
      <Fact name={t("app.last_read")}>
        {last === null ? (
          t("app.never_read")
        ) : (
          <time dateTime={last} title={formatMoment(language, last)}>
            {formatAgo(language, last)}
          </time>
        )}
      </Fact>
      <Fact name={t("app.reads")}>
        {t("app.reads_count", { count: grant.accesses_last_30_days })}
        {grant.accesses_last_30_days >= MOST_COUNTED && "+"}
      </Fact>
    </Facts>
  );
}
