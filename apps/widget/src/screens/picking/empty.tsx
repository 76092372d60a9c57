/** What stands where rows would be: nothing was found, nothing can be connected here yet, or a secret was typed. */

import { Button, Icon, Notice } from "@kryptos_connect/ui/components/index.js";
import { useState } from "preact/hooks";
import { isHarmless } from "../../addresses/recognise.js";
import { useConnect } from "../../app/connect.js";

interface NothingProps {
  readonly query: string;
  /** How many there are in all categories together. */
  readonly elsewhere: number;
  readonly onShowAll: () => void;
  readonly onPaste: () => void;
}

/** Without a query the category itself is empty. */
export function Nothing(props: NothingProps) {
  return props.query === "" ? <NoneYet onPaste={props.onPaste} /> : <NothingFound {...props} />;
}

function NothingFound({ query, elsewhere, onShowAll, onPaste }: NothingProps) {
  const { t } = useConnect();
  return (
    <div class="picker-empty">
      <Icon name="search" />
      <h2>{t("picker.nothing.title", { query })}</h2>
      {elsewhere > 0 ? (
        <Button onPress={onShowAll}>{t("picker.nothing.elsewhere", { count: elsewhere })}</Button>
      ) : (
        <>
          <p>{t("picker.nothing.text")}</p>
          <Button onPress={onPaste}>{t("picker.nothing.paste")}</Button>
          {isHarmless(query) && <Request key={query} query={query} />}
        </>
      )}
    </div>
  );
}

/** Asking writes one event to the session's record, which the app can read; it says so. */
function Request({ query }: { readonly query: string }) {
  const { t, report, appName } = useConnect();
  const [isSent, setSent] = useState(false);
  if (isSent) {
    return (
      <p class="quiet" role="status">
        {t("picker.request.sent", { query, app: appName })}
      </p>
    );
  }
  const send = () => {
    report("provider_requested", { query });
    setSent(true);
  };
  return (
    <>
      <Button kind="link" onPress={send}>
        {t("picker.request.action", { query })}
      </Button>
      <p class="quiet">{t("picker.request.how", { app: appName })}</p>
    </>
  );
}

function NoneYet({ onPaste }: { readonly onPaste: () => void }) {
  const { t } = useConnect();
  return (
    <div class="picker-empty">
      <Icon name="clock" />
      <h2>{t("picker.no_exchanges.title")}</h2>
      <p>{t("picker.no_exchanges.text")}</p>
      <Button onPress={onPaste}>{t("picker.nothing.paste")}</Button>
    </div>
  );
}

export function SecretTyped({ onClear }: { readonly onClear: () => void }) {
  const { t } = useConnect();
  return (
    <Notice
      tone="error"
      title={t("form.secret.title")}
      action={{ label: t("form.secret.clear"), onPress: onClear }}
    >
      {t("form.secret.text")}
    </Notice>
  );
}
