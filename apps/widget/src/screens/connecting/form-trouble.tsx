/** Why an account could not be connected, with what helps: the connection there is, a test account, another try. */

import { Notice } from "@kryptos_connect/ui/components/index.js";
import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure } from "../../contracts.js";
import { TroubleNotice, troubleOf } from "./trouble.js";
import { useOpening } from "./use-connecting.js";

interface Props {
  readonly failure: ApiFailure;
  readonly provider: string;
  readonly onRetry?: () => void | Promise<void>;
}

export function FormTrouble({ failure, provider, onRetry }: Props) {
  if (failure.code === "DUPLICATE_CONNECTION" && failure.existingWalletId !== null)
    return <Duplicate failure={failure} walletId={failure.existingWalletId} provider={provider} />;
  return <TroubleNotice failure={failure} provider={provider} {...(onRetry && { onRetry })} />;
}

function Duplicate({ failure, walletId, provider }: Omit<Props, "onRetry"> & { readonly walletId: string }) {
  const connect = useConnect();
  const open = useOpening();
  const [second, setSecond] = useState<ApiFailure | null>(null);
  const { title, text } = troubleOf(connect, failure, provider);
  const show = async () => {
    try {
      await open(walletId);
    } catch (thrown) {
      setSecond(asFailure(thrown));
    }
  };
  if (second) return <TroubleNotice failure={second} provider={provider} onRetry={show} />;
  return (
    <Notice tone="warning" title={title} action={{ label: connect.t("duplicate.open"), onPress: show }}>
      {text}
    </Notice>
  );
}
