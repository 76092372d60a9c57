/** A wallet app, by WalletConnect: it is shown a code or opened by a link, gives its addresses, and signs if it is asked to. */

import { Button } from "@kryptos_connect/ui/components/index.js";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { useEffect, useRef, useState } from "preact/hooks";
import { closing } from "../app/closing.js";
import { useConnect } from "../app/connect.js";
import type { Providers } from "../contracts.js";
import { type Bridge, bridgeTo } from "../walletconnect/bridge.js";
import { namespacesOf, offerOf } from "../walletconnect/offer.js";
import { type Pairing, type PairingState, startPairing } from "../walletconnect/pairing.js";
import { startWorker } from "../walletconnect/start-worker.js";
import type { WalletLink } from "../walletconnect/wallet-links.js";
import { News } from "./walletconnect/news.js";
import { PairScreen } from "./walletconnect/pair-screen.js";
import { AccountsForm } from "./wallets/accounts-form.js";
import type { WalletAccount } from "./wallets/connect-one.js";
import "./connecting/quiet.css";
import "./BrowserWallets.css";
import "./WalletConnect.css";

/** What a wallet app is called here that the person has not named: nothing that it says of itself is believed. */
const UNNAMED = "WalletConnect";

interface Given {
  readonly bridge: Bridge;
  readonly accounts: readonly WalletAccount[];
}

export function WalletConnect({ offered }: { readonly offered: Providers }) {
  const { t, go } = useConnect();
  /** The app that was opened by a button here. */
  const [opened, setOpened] = useState<WalletLink | null>(null);
  const name = opened?.name ?? UNNAMED;
  const { state, pairing, again } = usePairing(offered);
  const [given, setGiven] = useState<Given | null>(null);
  const [isSigning, setSigning] = useState(false);

  useEffect(() => {
    if (state.phase !== "approved" || given) return;
    accountsOf(pairing, state, name).then(setGiven, () => again("WALLET_EMPTY"));
  }, [state]);

  const toList = () => go({ name: "picker" }, { replace: true });
  if (!given || state.phase === "preparing" || state.phase === "offered")
    return (
      <PairScreen state={state} wallet={name} onOpened={setOpened} onAgain={() => again()} onOther={toList} />
    );

  const startAgain = () => {
    setGiven(null);
    setOpened(null);
    again();
  };
  const hasLeft = state.phase !== "approved" || state.hasLeft;
  const ask: Bridge["ask"] = async (method, params) => {
    setSigning(true);
    return given.bridge.ask(method, params).finally(() => setSigning(false));
  };
  return (
    <AccountsForm
      asker={{ host: { ask }, origin: location.origin }}
      accounts={hasLeft ? given.accounts.map(unproven) : given.accounts}
      offered={offered}
      title={opened ? undefined : t("walletconnect.choose_title")}
      onBack={startAgain}
      news={<News hasLeft={hasLeft} isSigning={isSigning} opened={opened} onAgain={startAgain} />}
      below={
        <Button kind="link" onPress={toList}>
          {t(hasLeft ? "wallets.type_instead" : "walletconnect.disconnect")}
        </Button>
      }
    />
  );
}

const unproven = (account: WalletAccount): WalletAccount => ({
  ...account,
  wallet: { ...account.wallet, canProve: false },
});

/** One pairing at a time; it ends when this screen does. */
function usePairing(offered: Providers) {
  const connect = useConnect();
  const [state, setState] = useState<PairingState>({ phase: "preparing" });
  const running = useRef<Pairing | null>(null);

  const start = () => {
    const offer = offerOf(connect);
    if (!offer) return setState(failed("WALLETCONNECT_REFUSED"));
    setState({ phase: "preparing" });
    const asker = {
      name: connect.appName,
      description: "Kryptos Connect",
      url: location.origin,
    };
    const mine = startPairing(
      { ...offer, asker, namespaces: namespacesOf(offered.providers) },
      startWorker,
      (next) => running.current === mine && setState(next),
    );
    running.current = mine;
  };
  useEffect(() => {
    start();
    const end = () => running.current?.end() ?? Promise.resolve();
    closing.add(end);
    return () => {
      closing.delete(end);
      void end();
    };
  }, []);

  return {
    state,
    /** Signs in the pairing that runs when it is asked. */
    pairing: { sign: (...call: Parameters<Pairing["sign"]>) => sign(running.current, call) },
    /** Another code; with a reason, only when the person wants one. */
    again: (code?: string) => {
      void running.current?.end();
      running.current = null;
      if (code === undefined) start();
      else setState(failed(code));
    },
  };
}

function sign(pairing: Pairing | null, call: Parameters<Pairing["sign"]>): Promise<unknown> {
  return pairing?.sign(...call) ?? Promise.reject(new ApiError({ code: "WALLETCONNECT_ENDED" }));
}

const failed = (code: string): PairingState => ({ phase: "failed", failure: new ApiError({ code }) });

/** The addresses of all families, each once; fails when there is none. */
async function accountsOf(
  pairing: Pick<Pairing, "sign">,
  { accounts }: Extract<PairingState, { phase: "approved" }>,
  name: string,
): Promise<Given> {
  const bridge = bridgeTo(pairing, accounts, name);
  const lists = await Promise.all(
    bridge.wallets.map(async (wallet) => {
      const { addresses, chainId } = await bridge.ask("wallet.accounts", { wallet: wallet.id });
      return [...new Set(addresses)].map((address): WalletAccount => ({ wallet, address, chainId }));
    }),
  );
  const all = lists.flat();
  if (all.length === 0) throw new ApiError({ code: "WALLET_EMPTY" });
  return { bridge, accounts: all };
}
