/** The wallets of the person's browser: one is chosen, asked for its addresses, and these are connected. */

import {
  Button,
  Icon,
  List,
  Logo,
  Notice,
  Row,
  Skeleton,
  Spinner,
} from "@kryptos_connect/ui/components/index.js";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { useEffect, useState } from "preact/hooks";
import { useConnect } from "../app/connect.js";
import type { ApiFailure, HostWallet, Providers } from "../contracts.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { FormLoading } from "./connecting/loading.js";
import { TroubleNotice } from "./connecting/trouble.js";
import { useProviders } from "./connecting/use-providers.js";
import { AccountsForm } from "./wallets/accounts-form.js";
import { askWallet, walletFailure } from "./wallets/asking.js";
import type { WalletAccount } from "./wallets/connect-one.js";
import "./connecting/quiet.css";
import "./BrowserWallets.css";

interface Props {
  readonly via?: "walletconnect";
}

export function BrowserWallets({ via }: Props) {
  const { session, host } = useConnect();
  const [offered, retry] = useProviders();
  const [given, setGiven] = useState<readonly WalletAccount[] | null>(null);
  if (session.app.mode === "sandbox") return <SandboxOnly />;
  if (offered.state !== "there")
    return <FormLoading failure={offered.state === "failed" ? offered.failure : null} onRetry={retry} />;
  if (via === "walletconnect") return <WalletConnectLater offered={offered.offered} />;
  if (given === null) return <WalletList onGiven={setGiven} />;
  return (
    <AccountsForm asker={{ host }} accounts={given} offered={offered.offered} onBack={() => setGiven(null)} />
  );
}

function SandboxOnly() {
  const { t, go } = useConnect();
  return (
    <ScreenFrame
      title={t("wallets.title")}
      action={{
        label: t("wallets.to_test_accounts"),
        onPress: () => go({ name: "picker" }, { replace: true }),
      }}
    >
      <Notice tone="info" title={t("wallets.sandbox.title")}>
        {t("wallets.sandbox.text")}
      </Notice>
    </ScreenFrame>
  );
}

/** Fetched when it is chosen, and not before: most people never do. */
function WalletConnectLater({ offered }: { readonly offered: Providers }) {
  const [Screen, setScreen] = useState<typeof import("./WalletConnect.js").WalletConnect | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const load = () =>
    import("./WalletConnect.js").then(
      (module) => setScreen(() => module.WalletConnect),
      () => setFailure(new ApiError({ code: "OFFLINE" })),
    );
  useEffect(() => void load(), []);
  return Screen ? <Screen offered={offered} /> : <FormLoading failure={failure} onRetry={load} />;
}

function WalletList({ onGiven }: { readonly onGiven: (given: readonly WalletAccount[]) => void }) {
  const { t, host, go, appName } = useConnect();
  const [wallets, setWallets] = useState<readonly HostWallet[] | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [failed, setFailed] = useState<{ readonly wallet: HostWallet; readonly failure: ApiFailure } | null>(
    null,
  );
  useEffect(() => {
    host.ask("wallets.list", {}).then(setWallets, () => setWallets([]));
  }, []);

  const open = async (wallet: HostWallet) => {
    if (asked !== null) return;
    setAsked(wallet.id);
    setFailed(null);
    try {
      const { addresses, chainId } = await askWallet(host, "wallet.accounts", { wallet: wallet.id });
      if (addresses.length === 0) throw new ApiError({ code: "WALLET_EMPTY" });
      onGiven([...new Set(addresses)].map((address) => ({ wallet, address, chainId })));
    } catch (thrown) {
      setFailed({ wallet, failure: walletFailure(thrown) });
    } finally {
      setAsked(null);
    }
  };

  return (
    <ScreenFrame
      title={t("wallets.title")}
      lead={t("wallets.lead", { app: appName })}
      below={
        <Button kind="link" onPress={() => go({ name: "picker" }, { replace: true })}>
          {t("wallets.type_instead")}
        </Button>
      }
    >
      {failed && (
        <TroubleNotice
          failure={failed.failure}
          provider={failed.wallet.name}
          onRetry={() => open(failed.wallet)}
        />
      )}
      {wallets === null && <Skeleton shape="row" count={3} />}
      {wallets?.length === 0 && (
        <Notice tone="info" title={t("wallets.none.title")}>
          {t("wallets.none.text")}
        </Notice>
      )}
      {wallets && wallets.length > 0 && (
        <List label={t("wallets.title")}>
          {wallets.map((wallet) => (
            <Row
              key={wallet.id}
              picture={<Logo src={wallet.icon ?? null} name={wallet.name} />}
              title={wallet.name}
              subtitle={asked === wallet.id ? t("wallets.asked") : t(`wallets.family.${wallet.family}`)}
              trailing={asked === wallet.id ? <Spinner label={t("working")} /> : <Icon name="chevron-end" />}
              onPress={() => void open(wallet)}
            />
          ))}
        </List>
      )}
    </ScreenFrame>
  );
}
