/** The code to scan and, on a phone, the wallet apps to open; whatever went wrong is told in their place. */

import { Accordion, announce, Button, Notice } from "@kryptos_connect/ui/components/index.js";
import { useEffect } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import { ScreenFrame } from "../../ui/screen-frame.js";
import { offerOf } from "../../walletconnect/offer.js";
import type { PairingState } from "../../walletconnect/pairing.js";
import type { WalletLink } from "../../walletconnect/wallet-links.js";
import { troubleOf } from "../connecting/trouble.js";
import { AppLinks } from "./app-links.js";
import { CopyLink } from "./copy-link.js";
import { isOnPhone } from "./opening.js";
import { QrCode } from "./qr-code.js";

interface Props {
  readonly state: PairingState;
  /** What the wallet is called. */
  readonly wallet: string;
  readonly onOpened: (wallet: WalletLink | null) => void;
  readonly onAgain: () => void;
  /** Connect something else. */
  readonly onOther: () => void;
}

export function PairScreen({ state, wallet, onOpened, onAgain, onOther }: Props) {
  const connect = useConnect();
  const { t, host, appName } = connect;
  const onPhone = isOnPhone(host.kind);
  const uri = state.phase === "offered" ? state.uri : null;
  useEffect(() => {
    if (uri) announce(t(onPhone ? "walletconnect.apps_ready" : "walletconnect.code_ready"));
  }, [uri]);
  return (
    <ScreenFrame
      // What was pressed is gone when a code fails, and when there is another: the focus begins anew.
      key={state.phase === "failed" ? "failed" : "pairing"}
      title={t("walletconnect.title")}
      lead={t("wallets.lead", { app: appName })}
      below={
        <Button kind="link" onPress={onOther}>
          {t("wallets.type_instead")}
        </Button>
      }
    >
      {state.phase === "failed" && <Failed state={state} wallet={wallet} onAgain={onAgain} />}
      {state.phase !== "failed" && (
        <div class="wc-pair" aria-busy={uri === null}>
          {onPhone ? (
            <>
              <AppLinks uri={uri} onOpened={onOpened} />
              <Accordion title={t("walletconnect.other_device")}>
                <Scan uri={uri} />
              </Accordion>
            </>
          ) : (
            <Scan uri={uri} />
          )}
          <Through />
        </div>
      )}
    </ScreenFrame>
  );
}

/** There is a button for a new code, unless the relay would turn that away too. */
function Failed({
  state,
  wallet,
  onAgain,
}: {
  readonly state: Extract<PairingState, { phase: "failed" }>;
  readonly wallet: string;
  readonly onAgain: () => void;
}) {
  const connect = useConnect();
  const { title, text } = troubleOf(connect, state.failure, wallet);
  const isRefused = state.failure.code === "WALLETCONNECT_REFUSED";
  const action = { label: connect.t("walletconnect.new_code"), onPress: onAgain };
  return (
    <Notice tone="error" title={title} {...(!isRefused && { action })}>
      {text}
    </Notice>
  );
}

function Scan({ uri }: { readonly uri: string | null }) {
  const { t } = useConnect();
  return (
    <div class="wc-scan">
      <p>{t("walletconnect.scan")}</p>
      {uri === null ? (
        <div class="skeleton wc-code" aria-hidden="true" />
      ) : (
        <QrCode text={uri} label={t("walletconnect.code_label")} />
      )}
      <CopyLink uri={uri} />
    </div>
  );
}

/** Who learns what by this way of connecting. */
function Through() {
  const connect = useConnect();
  const relay = new URL(offerOf(connect)?.relayUrl ?? location.href).host;
  return <p class="wc-through">{connect.t("walletconnect.through", { relay })}</p>;
}
