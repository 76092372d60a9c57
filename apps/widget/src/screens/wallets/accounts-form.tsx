/** The addresses that a wallet gave: which to connect, and whether to prove that they are the person's. */

import { Button, Logo, Notice } from "@kryptos_connect/ui/components/index.js";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { Providers } from "../../contracts.js";
import { ScreenFrame } from "../../ui/screen-frame.js";
import { noteConnected } from "../connecting/use-connecting.js";
import { AccountCard, type CardState } from "./account-card.js";
import { walletFailure } from "./asking.js";
import { type Asker, connectOne, providerFor, type WalletAccount } from "./connect-one.js";

interface Props {
  /** Who asks the wallet to sign. */
  readonly asker: Asker;
  /** Not empty; an address is there once. */
  readonly accounts: readonly WalletAccount[];
  readonly offered: Providers;
  /** Default: the wallet's name in it. */
  readonly title?: string | undefined;
  readonly onBack: () => void;
  /** Stands over the addresses: what the wallet does just now. */
  readonly news?: ComponentChildren;
  /** A quieter choice under the button. */
  readonly below?: ComponentChildren;
}

const IDLE: CardState = { state: "idle" };

export function AccountsForm({ asker, accounts, offered, title, onBack, news, below }: Props) {
  const connect = useConnect();
  const { t, appName } = connect;
  const [first] = accounts;
  const name = first?.wallet.name ?? "";
  const [chosen, setChosen] = useState<readonly string[]>(first ? [first.address] : []);
  const [chains, setChains] = useState<Readonly<Record<string, readonly string[] | null>>>({});
  const [progress, setProgress] = useState<Readonly<Record<string, CardState>>>({});
  const [wantsProof, setWantsProof] = useState(false);
  const [isDeclined, setDeclined] = useState(false);
  const isLooking = chosen.some((each) => chains[each] === null || chains[each] === undefined);
  const canProve = accounts.some((each) => each.wallet.canProve);
  const isAny = Object.values(progress).some((each) => each.state === "connected");

  /** Connect one; says whether the next may follow. */
  const connectAddress = async (address: string, isProven: boolean): Promise<boolean> => {
    const on = chains[address] ?? [];
    const account = accounts.find((each) => each.address === address);
    const provider = account && providerFor(account.wallet, on, offered.providers);
    if (account === undefined || provider === undefined) return false;
    setProgress((before) => ({ ...before, [address]: { state: "running" } }));
    try {
      noteConnected(
        connect,
        await connectOne(connect.api, asker, account, {
          provider,
          chains: on,
          isProven: isProven && account.wallet.canProve,
        }),
      );
      setProgress((before) => ({ ...before, [address]: { state: "connected" } }));
      return true;
    } catch (thrown) {
      const failure = walletFailure(thrown);
      const isRefused = isProven && failure.code === "WALLET_REJECTED";
      setDeclined(isRefused);
      setProgress((before) => ({ ...before, [address]: isRefused ? IDLE : { state: "failed", failure } }));
      return false;
    }
  };

  /** One after the other: a wallet shows one request at a time. */
  const connectAll = async (isProven: boolean) => {
    setDeclined(false);
    const left = chosen.filter((each) => progress[each]?.state !== "connected");
    for (const address of left) if (!(await connectAddress(address, isProven))) return;
    connect.go({ name: "status" }, { replace: true });
  };

  return (
    <ScreenFrame
      title={title ?? t("wallets.choose_title", { wallet: name })}
      lead={t("form.lead", { app: appName })}
      picture={<Logo src={first?.wallet.icon ?? null} name={name} size={56} />}
      onBack={onBack}
      action={{
        label: t(canProve && wantsProof ? "wallets.prove_and_connect" : "wallets.connect", {
          count: chosen.length,
        }),
        busy: isLooking && chosen.length > 0,
        disabled: chosen.length === 0,
        onPress: () => connectAll(canProve && wantsProof),
      }}
      below={
        <>
          {isAny && (
            <Button kind="link" onPress={() => connect.go({ name: "status" }, { replace: true })}>
              {t("picker.overview", { count: connect.connected.length })}
            </Button>
          )}
          {below}
        </>
      }
    >
      {news}
      <ul class="wallet-accounts">
        {accounts.map((account) => (
          <AccountCard
            key={account.address}
            account={account}
            offered={offered}
            isChosen={chosen.includes(account.address)}
            progress={progress[account.address] ?? IDLE}
            onChoose={(is) =>
              setChosen(is ? [...chosen, account.address] : chosen.filter((each) => each !== account.address))
            }
            onChains={(found) => setChains((before) => ({ ...before, [account.address]: found }))}
          />
        ))}
      </ul>
      {canProve && <ProofChoice isWanted={wantsProof} onWant={setWantsProof} />}
      {isDeclined && (
        <Notice
          tone="info"
          title={t("wallets.declined.title")}
          action={{ label: t("wallets.declined.without"), onPress: () => connectAll(false) }}
        >
          {t("wallets.declined.text")}
        </Notice>
      )}
    </ScreenFrame>
  );
}

function ProofChoice({
  isWanted,
  onWant,
}: {
  readonly isWanted: boolean;
  readonly onWant: (is: boolean) => void;
}) {
  const { t } = useConnect();
  return (
    <label class="wallet-proof">
      <input type="checkbox" checked={isWanted} onChange={(event) => onWant(event.currentTarget.checked)} />
      <span class="row-texts">
        <span class="row-title">{t("wallets.prove")}</span>
        <span class="row-subtitle">{t("wallets.prove_text")}</span>
      </span>
    </label>
  );
}
