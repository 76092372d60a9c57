/** One row of the picker, as an option of its listbox. */

import { Badge, Icon, type IconName, Logo, Spinner } from "@kryptos_connect/ui/components/index.js";
import { shortAddress } from "@kryptos_connect/ui/i18n/short-address.js";
import { useConnect } from "../../app/connect.js";
import type { Provider } from "../../contracts.js";
import { isOpen, type PickerRow } from "./rows.js";

interface Props {
  readonly row: PickerRow;
  readonly id: string;
  readonly isActive: boolean;
  readonly position: number;
  readonly count: number;
  /** Whether this row is what is being connected. */
  readonly isBusy: boolean;
  /** Account names that were connected through this provider before. */
  readonly used: readonly string[];
  readonly onChoose: () => void;
}

export function Option({ row, id, isActive, position, count, isBusy, used, onChoose }: Props) {
  const { t } = useConnect();
  const isDisabled = !isOpen(row);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keyboard (aria-activedescendant)
    <div
      id={id}
      class={`row row-pressable picker-row${isActive ? " row-active" : ""}${isDisabled ? " row-disabled" : ""}`}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-disabled={isDisabled || undefined}
      aria-setsize={count}
      aria-posinset={position}
      onClick={isDisabled ? undefined : onChoose}
    >
      <Content row={row} used={used} />
      <span class="row-trailing">{isBusy ? <Spinner label={t("working")} /> : <Trailing row={row} />}</span>
    </div>
  );
}

function Content({ row, used }: Pick<Props, "row" | "used">) {
  const { t } = useConnect();
  switch (row.kind) {
    case "address":
      return (
        <>
          <Picture icon={row.isName ? "link" : "wallet"} />
          <Texts title={t("picker.use_address")} subtitle={row.isName ? row.text : shortAddress(row.text)} />
        </>
      );
    case "test":
      return (
        <>
          <Picture icon="bolt" />
          <Texts title={row.account.name} subtitle={row.account.description} />
        </>
      );
    case "browser":
      return (
        <>
          <Picture icon="wallet" />
          <Texts
            title={t("picker.browser.title")}
            subtitle={row.wallets.map((each) => each.name).join(" · ")}
          />
        </>
      );
    case "walletconnect":
      return (
        <>
          <Picture icon="link" />
          <Texts title={t("picker.phone.title")} subtitle="WalletConnect" />
        </>
      );
    case "provider":
      return (
        <>
          <Logo src={row.provider.logo} name={row.provider.publicName} size={40} />
          <Texts title={row.provider.publicName} subtitle={subtitleOf(t, row.provider, used)} />
        </>
      );
  }
}

function subtitleOf(
  t: ReturnType<typeof useConnect>["t"],
  provider: Provider,
  used: readonly string[],
): string {
  if (!provider.isWorking) return t("picker.not_yet");
  const [first] = used;
  if (first === undefined) return t(`picker.type.${provider.type}`);
  return used.length === 1
    ? t("picker.used_one", { account: first })
    : t("picker.used_many", { count: used.length });
}

function Picture({ icon }: { readonly icon: IconName }) {
  return (
    <span class="picker-picture" aria-hidden="true">
      <Icon name={icon} />
    </span>
  );
}

function Texts({ title, subtitle }: { readonly title: string; readonly subtitle: string }) {
  return (
    <span class="row-texts">
      <span class="row-title">{title}</span>
      <span class="row-subtitle">{subtitle}</span>
    </span>
  );
}

function Trailing({ row }: Pick<Props, "row">) {
  const { t } = useConnect();
  if (row.kind !== "provider") return <Icon name={row.kind === "test" ? "plus" : "chevron-end"} />;
  const { symbol, health, isWorking } = row.provider;
  if (!isWorking) return null;
  return (
    <>
      {health === "troubled" && <Badge tone="warning">{t("picker.troubled")}</Badge>}
      {symbol !== null && <span class="picker-symbol">{symbol}</span>}
      <Icon name="chevron-end" />
    </>
  );
}
