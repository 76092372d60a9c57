/** Repairs a broken connection in place: same provider, same address, same id. */

import { Logo, Notice } from "@kryptos_connect/ui/components/index.js";
import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useEffect, useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Connection, Providers } from "../../contracts.js";
import { ScreenFrame } from "../../ui/screen-frame.js";
import { FormTrouble } from "./form-trouble.js";
import { FormLoading } from "./loading.js";
import { reasonOf } from "./trouble.js";
import { useConnecting } from "./use-connecting.js";
import { useList } from "./use-list.js";
import "./account-form.css";

interface Props {
  readonly walletId: string;
  readonly offered: Providers;
}

export function Repair({ walletId, offered }: Props) {
  const { api } = useConnect();
  const [turn, setTurn] = useState(0);
  const [broken, setBroken] = useState<Connection | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  useEffect(() => {
    setFailure(null);
    api.connection(walletId).then(setBroken, (thrown: unknown) => setFailure(asFailure(thrown)));
  }, [walletId, turn]);
  if (broken === null) return <FormLoading failure={failure} onRetry={() => setTurn(turn + 1)} />;
  return <RepairForm broken={broken} offered={offered} />;
}

function RepairForm({ broken, offered }: { readonly broken: Connection; readonly offered: Providers }) {
  const connect = useConnect();
  const { t } = connect;
  const list = useList();
  const connecting = useConnecting();
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const nameOf = (id: string) => offered.providers.find((each) => each.id === id)?.publicName ?? id;
  const provider = offered.providers.find((each) => each.id === broken.provider);
  const name = nameOf(broken.provider);
  const isBroken = broken.status === "FAILED" || broken.status === "PARTIALLY SYNCED";

  const repair = async () => {
    setFailure(null);
    try {
      // Chains left out are those that it has.
      await connecting({
        provider: broken.provider,
        ...(broken.persona !== null ? { persona: broken.persona } : { address: broken.address ?? "" }),
      });
    } catch (thrown) {
      setFailure(asFailure(thrown));
    }
  };

  return (
    <ScreenFrame
      title={t("repair.title", { name })}
      lead={isBroken ? reasonOf(connect, broken.code, name) : t("repair.fine", { name })}
      picture={<Logo src={provider?.logo ?? null} name={name} size={56} />}
      action={{ label: t("repair.action"), onPress: repair }}
    >
      <dl class="repair-facts">
        {broken.alias && (
          <>
            <dt>{t("form.alias")}</dt>
            <dd>{broken.alias}</dd>
          </>
        )}
        <dt>{t("repair.address")}</dt>
        <dd class="address-whole">{broken.address}</dd>
        <dt>{t("chains.title")}</dt>
        <dd>{list(broken.chains.map(nameOf))}</dd>
      </dl>
      <Notice tone="info">{t("repair.what_happens")}</Notice>
      {failure && <FormTrouble failure={failure} provider={name} onRetry={repair} />}
    </ScreenFrame>
  );
}
