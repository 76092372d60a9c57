/** What the wallet does just now: it waits to be opened for a signature, or it has ended the session. */

import { Notice } from "@kryptos_connect/ui/components/index.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { WalletLink } from "../../walletconnect/wallet-links.js";
import { OpenLink } from "./open-link.js";

interface Props {
  readonly hasLeft: boolean;
  readonly isSigning: boolean;
  /** The app that was opened by a button here. */
  readonly opened: WalletLink | null;
  readonly onAgain: () => void;
}

export function News({ hasLeft, isSigning, opened, onAgain }: Props) {
  const { t } = useConnect();
  const [isNotOpened, setNotOpened] = useState(false);
  if (hasLeft)
    return (
      <Notice
        tone="warning"
        title={t("trouble.WALLETCONNECT_ENDED.title")}
        action={{ label: t("walletconnect.new_code"), onPress: onAgain }}
      >
        {t("walletconnect.left")}
      </Notice>
    );
  if (!isSigning) return null;
  return (
    <div class="wc-signing" role="status">
      <Notice tone="info" title={t("walletconnect.sign.title")}>
        {t(isNotOpened ? "walletconnect.not_opened.text" : "walletconnect.sign.text")}
      </Notice>
      {opened && (
        <OpenLink url={opened.link} class="button button-secondary" onTold={(is) => setNotOpened(!is)}>
          {t("walletconnect.open", { wallet: opened.name })}
        </OpenLink>
      )}
    </div>
  );
}
