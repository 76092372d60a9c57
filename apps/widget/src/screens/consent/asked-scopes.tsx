/** Every scope by name, in groups; on request with a box to untick. */

import { Badge } from "@kryptos_connect/ui/components/badge.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { grouped, needed } from "@kryptos_connect/ui/scopes.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";

interface Props {
  readonly scopes: readonly string[];
  readonly refused: ReadonlySet<string>;
  readonly onToggle: (scope: string) => void;
}

export function AskedScopes({ scopes, refused, onToggle }: Props) {
  const { t, appName } = useConnect();
  const [isChoosing, choose] = useState(false);
  const { data, you, changes } = grouped(scopes);
  const group = (title: string, members: readonly string[], isChange = false) =>
    members.length > 0 && (
      <section class="scope-group">
        <h2>
          {title}
          {isChange && <Badge tone="warning">{t("consent.change_badge")}</Badge>}
        </h2>
        {/* biome-ignore lint/a11y/noRedundantRoles: a list without bullets is no list to VoiceOver unless it says so */}
        <ul role="list">
          {members.map((scope) => (
            <Scope
              key={scope}
              scope={scope}
              isChange={isChange}
              isGranted={!refused.has(scope)}
              {...(isChoosing && !needed(scope) && { onToggle: () => onToggle(scope) })}
            />
          ))}
        </ul>
      </section>
    );
  return (
    <div class="scopes">
      {group(t("consent.data", { app: appName }), data)}
      {group(t("consent.changes", { app: appName }), changes, true)}
      {group(t("consent.you", { app: appName }), you)}
      {!isChoosing && scopes.some((scope) => !needed(scope)) && (
        <Button kind="link" onPress={() => choose(true)}>
          {t("consent.choose")}
        </Button>
      )}
    </div>
  );
}

interface ScopeProps {
  readonly scope: string;
  readonly isChange: boolean;
  readonly isGranted: boolean;
  /** Makes it a box to tick. */
  readonly onToggle?: () => void;
}

function Scope({ scope, isChange, isGranted, onToggle }: ScopeProps) {
  const { t, has } = useConnect();
  const key = `scope.${scope}`;
  const words = has(key) ? t(key) : scope;
  if (onToggle) {
    return (
      <li>
        <label class="scope scope-box">
          <input type="checkbox" checked={isGranted} onChange={onToggle} />
          <span>{words}</span>
        </label>
      </li>
    );
  }
  return (
    <li class={`scope${isGranted ? "" : " scope-refused"}`}>
      <Icon name={isChange ? "pencil" : "check"} />
      <span>{words}</span>
    </li>
  );
}
