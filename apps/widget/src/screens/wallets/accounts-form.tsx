/** The addresses that a wallet gave: which to connect, and whether to prove that they are the person's. */

import { Button, Logo, Notice } from "@kryptos_connect/ui/components/index.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { HostWallet, Providers } from "../../contracts.js";
import { ScreenFrame } from "../../ui/screen-frame.js";
import { noteConnected } from "../connecting/use-connecting.js";
import { AccountCard, type CardState } from "./account-card.js";
import { walletFailure } from "./asking.js";
import { connectOne, providerFor } from "./connect-one.js";

interface Props {
  readonly wallet: HostWallet;
  readonly addresses: readonly string[];
  readonly chainId: number | undefined;
  readonly offered: Providers;
  readonly onBack: () => void;
}

const IDLE: CardState = { state: "idle" };

export function AccountsForm({ wallet, addresses, chainId, offered, onBack }: Props) {
  const connect = useConnect();
  const { t, appName } = connect;
  const [chosen, setChosen] = useState<readonly string[]>(addresses.slice(0, 1));
  const [chains, setChains] = useState<Readonly<Record<string, readonly string[] | null>>>({});
  const [progress, setProgress] = useState<Readonly<Record<string, CardState>>>({});
  const [wantsProof, setWantsProof] = useState(false);
  const [isDeclined, setDeclined] = useState(false);
  const isLooking = chosen.some((each) => chains[each] === null || chains[each] === undefined);
  const isAny = Object.values(progress).some((each) => each.state === "connected");

  /** Connect one; says whether the next may follow. */
  const connectAddress = async (address: string, isProven: boolean): Promise<boolean> => {
    const on = chains[address] ?? [];
    const provider = providerFor(wallet, on, offered.providers);
    if (provider === undefined) return false;
    setProgress((before) => ({ ...before, [address]: { state: "running" } }));
    try {
      noteConnected(
        connect,
        await connectOne(connect, { wallet, address, chainId }, { provider, chains: on, isProven }),
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
      title={t("wallets.choose_title", { wallet: wallet.name })}
      lead={t("form.lead", { app: appName })}
      picture={<Logo src={wallet.icon ?? null} name={wallet.name} size={56} />}
      onBack={onBack}
      action={{
        label: t(wantsProof ? "wallets.prove_and_connect" : "wallets.connect", { count: chosen.length }),
        busy: isLooking && chosen.length > 0,
        disabled: chosen.length === 0,
        onPress: () => connectAll(wantsProof),
      }}
      below={
        isAny && (
          <Button kind="link" onPress={() => connect.go({ name: "status" }, { replace: true })}>
            {t("picker.overview", { count: connect.connected.length })}
          </Button>
        )
      }
    >
      <ul class="wallet-accounts">
        {addresses.map((address) => (
          <AccountCard
            key={address}
            account={{ wallet, address, chainId }}
            offered={offered}
            isChosen={chosen.includes(address)}
            progress={progress[address] ?? IDLE}
            onChoose={(is) =>
              setChosen(is ? [...chosen, address] : chosen.filter((each) => each !== address))
            }
            onChains={(found) => setChains((before) => ({ ...before, [address]: found }))}
          />
        ))}
      </ul>
      {wallet.canProve && <ProofChoice isWanted={wantsProof} onWant={setWantsProof} />}
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
