/** A wallet app by its name, or whichever takes the link of a pairing. */

import { Icon, List, Logo, Notice, Skeleton } from "@kryptos_connect/ui/components/index.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import { pairingLink, WALLET_LINKS, type WalletLink } from "../../walletconnect/wallet-links.js";
import { OpenLink } from "./open-link.js";

interface Props {
  readonly uri: string | null;
  readonly onOpened: (wallet: WalletLink | null) => void;
}

export function AppLinks({ uri, onOpened }: Props) {
  const { t } = useConnect();
  const [isNotOpened, setNotOpened] = useState(false);
  const told = (wallet: WalletLink | null) => (isOpened: boolean) => {
    setNotOpened(!isOpened);
    if (isOpened) onOpened(wallet);
  };
  const other = t("walletconnect.other_app");
  return (
    <>
      <p>{t("walletconnect.choose_app")}</p>
      {isNotOpened && (
        <Notice tone="error" title={t("walletconnect.not_opened.title")}>
          {t("walletconnect.not_opened.text")}
        </Notice>
      )}
      {uri === null ? (
        <Skeleton shape="row" count={WALLET_LINKS.length + 1} />
      ) : (
        <List label={t("walletconnect.apps")}>
          {WALLET_LINKS.map((wallet) => (
            <li key={wallet.name}>
              <OpenLink url={pairingLink(wallet, uri)} class="row row-pressable" onTold={told(wallet)}>
                <AppRow name={wallet.name} />
              </OpenLink>
            </li>
          ))}
          <li>
            <OpenLink url={uri} class="row row-pressable" onTold={told(null)}>
              <AppRow name={other} />
            </OpenLink>
          </li>
        </List>
      )}
    </>
  );
}

function AppRow({ name }: { readonly name: string }) {
  return (
    <>
      <Logo src={null} name={name} />
      <span class="row-texts">
        <span class="row-title">{name}</span>
      </span>
      <span class="row-trailing">
        <Icon name="external" />
      </span>
    </>
  );
}
