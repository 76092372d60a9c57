/** The form of one provider: an address with its chains; or, in a repair session, the connection to repair. */

import { Badge, Notice } from "@kryptos_connect/ui/components/index.js";
import { recognise } from "../addresses/recognise.js";
import { useConnect } from "../app/connect.js";
import type { Provider, Providers } from "../contracts.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { AccountFormScreen } from "./connecting/account-form.js";
import { Guidance } from "./connecting/guidance.js";
import { FormLoading } from "./connecting/loading.js";
import { Repair } from "./connecting/repair.js";
import { useProviders } from "./connecting/use-providers.js";

interface Props {
  readonly providerId: string;
  readonly address?: string;
}

export function ProviderForm({ providerId, address }: Props) {
  const { session } = useConnect();
  const [offered, retry] = useProviders();
  if (offered.state !== "there")
    return <FormLoading failure={offered.state === "failed" ? offered.failure : null} onRetry={retry} />;
  if (session.repaired_wallet_id !== null)
    return <Repair walletId={session.repaired_wallet_id} offered={offered.offered} />;
  const provider = offered.offered.providers.find((each) => each.id === providerId);
  if (!provider?.isWorking) return <NotOffered providerId={providerId} provider={provider ?? null} />;
  return <Form key={provider.id} provider={provider} offered={offered.offered} address={address} />;
}

interface FormProps {
  readonly provider: Provider;
  readonly offered: Providers;
  readonly address: string | undefined;
}

function Form({ provider, offered, address }: FormProps) {
  const { t, config, appName } = useConnect();
  const name = provider.publicName;
  return (
    <AccountFormScreen
      title={t("form.title", { name })}
      lead={t("form.lead", { app: appName })}
      provider={provider}
      offered={offered}
      text={address ?? prefilled(provider, config.prefill.address)}
      notice={
        provider.health === "troubled" && (
          <Notice tone="warning" title={t("health.troubled_title", { name })}>
            {t("health.troubled_text")}
          </Notice>
        )
      }
    >
      <Guidance provider={provider} />
    </AccountFormScreen>
  );
}

/** The app's address, unless it cannot be one of this provider: the person did not type it and need not be told. */
function prefilled(provider: Provider, text = ""): string {
  const recognised = recognise(text);
  if (recognised.kind === "secret" || recognised.kind === "words") return "";
  const families: readonly string[] = recognised.kind === "name" ? ["evm"] : recognised.families;
  const fits = families.length === 0 || families.some((each) => provider.families.includes(each));
  return fits ? text.trim() : "";
}

/** The app asked for a provider that there is not, or that cannot be connected yet. */
function NotOffered({
  providerId,
  provider,
}: {
  readonly providerId: string;
  readonly provider: Provider | null;
}) {
  const { t, go, session } = useConnect();
  const name = provider?.publicName ?? providerId;
  const isSandbox = session.app.mode === "sandbox";
  return (
    <ScreenFrame
      title={t("not_offered.title", { name })}
      picture={<Badge tone="warning">{t("picker.not_yet")}</Badge>}
      action={{
        label: t("not_offered.choose"),
        onPress: () => go({ name: "picker" }, { replace: true }),
      }}
    >
      <p>
        {provider
          ? t("not_offered.text")
          : t(isSandbox ? "not_offered.sandbox" : "not_offered.unknown", { name })}
      </p>
    </ScreenFrame>
  );
}
