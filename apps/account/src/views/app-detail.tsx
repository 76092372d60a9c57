/** One app's access: what it may do, every reading, and the receipts. */

import { Logo } from "@kryptos_connect/ui/components/logo.js";
import { usePage } from "../app/contexts.js";
import { useLoaded } from "../app/use-loaded.js";
import type { Grant } from "../contracts.js";
import { Empty } from "../parts/empty.js";
import { EndAccess } from "../parts/end-access.js";
import { AllScopes, GrantFacts, Marks } from "../parts/grant-words.js";
import { Readings } from "../parts/readings.js";
import { Receipts } from "../parts/receipts.js";
import { LoadTrouble, View } from "../parts/view.js";
import { CardSkeletons } from "./apps.js";

export function AppDetail({ grantId }: { readonly grantId: string }) {
  const { t, api } = usePage();
  const loaded = useLoaded(api.grants, grantId);
  const grant = loaded.value?.find((each) => each.grant_id === grantId);
  const back = { route: { name: "apps" }, label: t("app.back") } as const;
  if (!grant) {
    const isGone = loaded.value !== null;
    return (
      <View
        key="none"
        back={back}
        title={t(isGone ? "app.gone_title" : "app.details")}
        isBusy={!isGone && loaded.failure === null}
      >
        <LoadTrouble loaded={loaded} />
        {isGone && <Empty icon="info" title={t("app.gone_title")} text={t("app.gone_text")} />}
        {!isGone && loaded.failure === null && <CardSkeletons />}
      </View>
    );
  }
  return (
    <View
      key="grant"
      back={back}
      picture={<Logo src={grant.client.logo} name={grant.client.name} size={56} />}
      title={grant.client.name}
      marks={<Marks grant={grant} />}
      lead={`${t("app.workspace")}: ${grant.workspace.name}`}
    >
      <LoadTrouble loaded={loaded} />
      <Permission grant={grant} onEnded={loaded.reload} />
      <Readings grant={grant} />
      <Receipts grant={grant} />
    </View>
  );
}

interface PermissionProps {
  readonly grant: Grant;
  readonly onEnded: () => Promise<void>;
}

function Permission({ grant, onEnded }: PermissionProps) {
  const { t } = usePage();
  return (
    <section class="card">
      <h2>{t("scopes.title")}</h2>
      <AllScopes grant={grant} />
      <GrantFacts grant={grant} />
      {grant.status === "active" && (
        <footer class="card-foot">
          <EndAccess grant={grant} onEnded={onEnded} />
        </footer>
      )}
    </section>
  );
}
