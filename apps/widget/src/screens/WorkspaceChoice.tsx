/** Which workspace to share, for a person who has several. */

import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { List, Row } from "@kryptos_connect/ui/components/list.js";
import { Logo } from "@kryptos_connect/ui/components/logo.js";
import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { Skeleton } from "@kryptos_connect/ui/components/skeleton.js";
import { useOnce } from "@kryptos_connect/ui/components/use-once.js";
import { useEffect, useState } from "preact/hooks";
import { useConnect } from "../app/connect.js";
import type { Workspace } from "../contracts.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { useTrouble } from "./use-trouble.js";

export function WorkspaceChoice() {
  const { t, api, appName, setSession, next } = useConnect();
  const [workspaces, setWorkspaces] = useState<readonly Workspace[] | null>(null);
  const trouble = useTrouble();

  const load = () => trouble.during(async () => setWorkspaces(await api.workspaces()));
  useEffect(() => void load(), []);

  const [isChoosing, choose] = useOnce((id: string) =>
    trouble.during(async () => {
      setSession(await api.chooseWorkspace(id));
      next();
    }),
  );

  return (
    <ScreenFrame
      title={t("workspace.title")}
      lead={t("workspace.lead", { app: appName })}
      {...(!workspaces && trouble.failure && { action: { label: t("retry"), onPress: load } })}
    >
      {trouble.notice}
      {!workspaces && !trouble.failure && <Skeleton shape="row" count={3} />}
      {workspaces && !workspaces.some((each) => each.can_share) && (
        <Notice tone="warning" title={t("workspace.none_title")}>
          {t("workspace.none_text")}
        </Notice>
      )}
      {workspaces && (
        <List label={t("workspace.title")}>
          {workspaces.map((each) => (
            <Row
              key={each.workspace_id}
              picture={<Logo src={null} name={each.name} />}
              title={each.name}
              subtitle={t(each.can_share ? `workspace.role.${each.role}` : "workspace.cannot_share")}
              trailing={each.can_share && <Icon name="chevron-end" />}
              disabled={!each.can_share || isChoosing}
              onPress={() => choose(each.workspace_id)}
            />
          ))}
        </List>
      )}
    </ScreenFrame>
  );
}
