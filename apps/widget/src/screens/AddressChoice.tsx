/** A pasted address: its chains are looked up, and a wallet may be named that holds it. */

import { useId, useState } from "preact/hooks";
import { recognise } from "../addresses/recognise.js";
import { useConnect } from "../app/connect.js";
import type { Provider, Providers } from "../contracts.js";
import { byPopularity } from "../search/search.js";
import { AccountFormScreen } from "./connecting/account-form.js";
import { FormLoading } from "./connecting/loading.js";
import { useProviders } from "./connecting/use-providers.js";

export function AddressChoice({ address }: { readonly address: string }) {
  const { t, appName } = useConnect();
  const [offered, retry] = useProviders();
  const [wallet, setWallet] = useState("");
  if (offered.state !== "there")
    return <FormLoading failure={offered.state === "failed" ? offered.failure : null} onRetry={retry} />;
  const wallets = walletsFor(offered.offered, address);
  return (
    <AccountFormScreen
      title={t("address.title")}
      lead={t("form.lead", { app: appName })}
      provider={null}
      offered={offered.offered}
      text={address}
      {...(wallet !== "" && { wallet })}
    >
      {wallets.length > 0 && <WalletChoice wallets={wallets} chosen={wallet} onChoose={setWallet} />}
    </AccountFormScreen>
  );
}

interface ChoiceProps {
  readonly wallets: readonly Provider[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** Changes nothing about what is read; the account is listed under that wallet's name. */
function WalletChoice({ wallets, chosen, onChoose }: ChoiceProps) {
  const { t } = useConnect();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t("address.wallet")}</label>
      <select id={id} class="input" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">{t("address.no_wallet")}</option>
        {wallets.map((each) => (
          <option key={each.id} value={each.id}>
            {each.publicName}
          </option>
        ))}
      </select>
    </div>
  );
}

function walletsFor({ providers }: Providers, text: string): readonly Provider[] {
  const recognised = recognise(text);
  const families: readonly string[] =
    recognised.kind === "name" ? ["evm"] : recognised.kind === "address" ? recognised.families : [];
  return providers
    .filter((each) => each.type === "wallet" && each.isWorking)
    .filter((each) => families.some((family) => each.families.includes(family)))
    .sort(byPopularity);
}
