/** One address of a wallet: whether to connect it, where it was used, and how connecting goes. */

import { Badge, Spinner } from "@kryptos_connect/ui/components/index.js";
import { shortAddress } from "@kryptos_connect/ui/i18n/short-address.js";
import { useEffect } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Providers } from "../../contracts.js";
import { FormTrouble } from "../connecting/form-trouble.js";
import { useList } from "../connecting/use-list.js";
import { type Lookup, useLookup } from "../connecting/use-lookup.js";
import { chainsToConnect, type WalletAccount } from "./connect-one.js";

export type CardState =
  | { readonly state: "idle" | "running" | "connected" }
  | { readonly state: "failed"; readonly failure: ApiFailure };

interface Props {
  readonly account: WalletAccount;
  readonly offered: Providers;
  readonly isChosen: boolean;
  readonly progress: CardState;
  readonly onChoose: (isChosen: boolean) => void;
  /** The chains on which it would be connected; null while they are looked for. */
  readonly onChains: (chains: readonly string[] | null) => void;
}

const NAMED = 3;

export function AccountCard({ account, offered, isChosen, progress, onChoose, onChains }: Props) {
  const { t } = useConnect();
  const { address, wallet } = account;
  const target = { kind: "address", text: address, detects: wallet.family === "evm" } as const;
  const [lookup] = useLookup(isChosen ? target : null);
  const chains = chainsToConnect(account, lookup, offered.providers);
  useEffect(() => {
    onChains(lookup.state === "looking" ? null : chains);
  }, [lookup.state, chains.join()]);
  return (
    <li class="wallet-account">
      <label>
        <input
          type="checkbox"
          checked={isChosen}
          disabled={progress.state === "running" || progress.state === "connected"}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
        <span class="row-texts">
          <span class="row-title address-short" title={address}>
            {shortAddress(address)}
          </span>
          {isChosen && <Where lookup={lookup} chains={chains} offered={offered} />}
        </span>
        {progress.state === "running" && <Spinner label={t("working")} />}
        {progress.state === "connected" && <Badge tone="success">{t("wallets.connected")}</Badge>}
      </label>
      {progress.state === "failed" && <FormTrouble failure={progress.failure} provider={wallet.name} />}
    </li>
  );
}

interface WhereProps {
  readonly lookup: Lookup;
  readonly chains: readonly string[];
  readonly offered: Providers;
}

/** Where it was used; and where nobody could look, that nobody could. */
function Where({ lookup, chains, offered }: WhereProps) {
  const { t } = useConnect();
  const list = useList();
  const nameOf = (id: string) => offered.providers.find((each) => each.id === id)?.publicName ?? id;
  const shortened = (names: readonly string[]) =>
    names.length <= NAMED + 1
      ? list(names)
      : list([...names.slice(0, NAMED), t("chains.others", { count: names.length - NAMED })]);
  const names = shortened(chains.map(nameOf));
  if (lookup.state === "looking") return <span class="row-subtitle">{t("chains.looking")}</span>;
  if (lookup.state === "failed")
    return <span class="row-subtitle">{t("wallets.could_not_look", { names })}</span>;
  const detected = lookup.state === "found" ? lookup.detected : null;
  const unreachable = detected?.unreachable.map((each) => each.name) ?? [];
  const key = !detected
    ? "wallets.on"
    : detected.chains.length > 0
      ? "wallets.used_on"
      : detected.looked > 0
        ? "wallets.unused"
        : "wallets.could_not_look";
  return (
    <span class="row-subtitle">
      {t(key, { names })}{" "}
      {unreachable.length > 0 &&
        key !== "wallets.could_not_look" &&
        t("chains.unreachable", { names: shortened(unreachable) })}
    </span>
  );
}
