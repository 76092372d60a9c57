/** Copies the link of a pairing, for wallets that take it as a text; shows it where nothing may be copied. */

import { announce, Button, Icon } from "@kryptos_connect/ui/components/index.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";

export function CopyLink({ uri }: { readonly uri: string | null }) {
  const { t } = useConnect();
  /** Which link was copied, or could not be. */
  const [tried, setTried] = useState<{ readonly uri: string; readonly isCopied: boolean } | null>(null);
  const isCopied = tried !== null && tried.uri === uri && tried.isCopied;
  const copy = async () => {
    if (uri === null) return;
    try {
      await navigator.clipboard.writeText(uri);
      setTried({ uri, isCopied: true });
      announce(t("copied"));
    } catch {
      setTried({ uri, isCopied: false });
    }
  };
  return (
    <>
      <Button onPress={copy} disabled={uri === null}>
        <Icon name={isCopied ? "check" : "copy"} />
        {t(isCopied ? "copied" : "walletconnect.copy")}
      </Button>
      {uri !== null && tried?.uri === uri && !tried.isCopied && (
        <label class="field wc-link">
          {t("walletconnect.copy_yourself")}
          <input class="input" readOnly value={uri} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
    </>
  );
}
