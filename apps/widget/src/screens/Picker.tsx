/** What to connect: searched for, or picked from a list; a pasted address is recognised. */

import { announce, Button, Skeleton, Tabs } from "@kryptos_connect/ui/components/index.js";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { recognise } from "../addresses/recognise.js";
import { useConnect } from "../app/connect.js";
import type { Connection, HostWallet, Providers } from "../contracts.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { offerOf } from "../walletconnect/offer.js";
import { FormTrouble } from "./connecting/form-trouble.js";
import { useTestAccounts } from "./connecting/test-accounts.js";
import { TroubleNotice } from "./connecting/trouble.js";
import { useProviders } from "./connecting/use-providers.js";
import { Nothing, SecretTyped } from "./picking/empty.js";
import { LIST_ID, RowList, rowId } from "./picking/row-list.js";
import {
  CATEGORIES,
  type Category,
  countsOf,
  cut,
  isOpen,
  type PickerRow,
  rowsOf,
  sectionsFor,
  stockOf,
} from "./picking/rows.js";
import { SearchBox } from "./picking/search-box.js";
import { useGrowing } from "./picking/use-growing.js";
import { useListbox } from "./picking/use-listbox.js";
import "./connecting/quiet.css";
import "./Picker.css";

const ANNOUNCE_AFTER_MS = 500;

export function Picker() {
  const { t, go, connected, session, appName } = useConnect();
  const [offered, retry] = useProviders();
  const isSandbox = session.app.mode === "sandbox";
  return (
    <ScreenFrame
      title={t("picker.title")}
      lead={isSandbox ? t("picker.lead_sandbox") : t("picker.lead", { app: appName })}
      focusesField={hasKeyboard()}
      class="picker"
      below={
        <Button kind="link" onPress={() => go({ name: "status" })}>
          {connected.length > 0 ? t("picker.overview", { count: connected.length }) : t("picker.skip")}
        </Button>
      }
    >
      {offered.state === "failed" && <TroubleNotice failure={offered.failure} onRetry={retry} />}
      {offered.state === "loading" && (
        <div aria-busy="true">
          <Skeleton shape="button" count={2} />
          <Skeleton shape="row" count={7} />
        </div>
      )}
      {offered.state === "there" && <PickerList offered={offered.offered} />}
    </ScreenFrame>
  );
}

/** A field that takes the focus on a phone would cover the list with the keyboard. */
function hasKeyboard(): boolean {
  return typeof matchMedia !== "function" || !matchMedia("(pointer: coarse)").matches;
}

function PickerList({ offered }: { readonly offered: Providers }) {
  const connect = useConnect();
  const { t, go } = connect;
  const hasWalletConnect = offerOf(connect) !== null;
  const tests = useTestAccounts();
  const { wallets, used } = useWhatIsThere();
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [category, setCategory] = useState<Category>("all");
  const stock = useMemo(() => stockOf(offered), [offered]);
  const counts = useMemo(() => countsOf(stock), [stock]);
  const question = useMemo(
    () => ({ category, query, wallets, hasWalletConnect, used }),
    [category, query, wallets, hasWalletConnect, used],
  );
  const sections = useMemo(() => sectionsFor(stock, question), [stock, question]);
  const rows = useMemo(() => rowsOf(sections), [sections]);
  const isSecret = recognise(query).kind === "secret";
  const of = `${category} ${query.trim()}`;
  const growing = useGrowing(rows.length, of);

  const choose = (row: PickerRow | undefined) => {
    if (!row || !isOpen(row)) return;
    if (row.kind === "address") go({ name: "address", address: row.text });
    else if (row.kind === "browser") go({ name: "browser-wallets" });
    else if (row.kind === "walletconnect") go({ name: "browser-wallets", via: "walletconnect" });
    else if (row.kind === "provider") go({ name: "form", providerId: row.provider.id });
    else void tests.connect(row.account);
  };
  const keys = useListbox({
    count: isSecret ? 0 : rows.length,
    of,
    startsAtFirst: query.trim() !== "",
    idOf: (at) => rowId(rows[at]) ?? "",
    onChoose: (at) => choose(rows[at]),
    onReach: growing.reach,
  });
  useLayoutEffect(() => {
    if (hasKeyboard()) field.current?.focus();
  }, []);
  useCountAnnounced(isSecret ? null : rows.length, of);

  const toField = () => {
    setQuery("");
    setCategory("all");
    field.current?.focus();
  };
  return (
    <>
      <div class="picker-head">
        <SearchBox
          field={field}
          query={query}
          listId={LIST_ID}
          activeId={rowId(rows[keys.active])}
          hasList={rows.length > 0 && !isSecret}
          onQuery={setQuery}
          onKeyDown={keys.onKeyDown}
        />
        <Tabs
          label={t("picker.tabs")}
          tabs={CATEGORIES.map((id) => ({ id, label: t(`picker.tab.${id}`), count: counts[id] }))}
          chosen={category}
          onChoose={setCategory}
          panelId="picker-panel"
        />
      </div>
      {tests.failed && <FormTrouble failure={tests.failed.failure} provider={tests.failed.account.name} />}
      <div id="picker-panel" role="tabpanel" aria-labelledby={`picker-panel-${category}`}>
        {isSecret && <SecretTyped onClear={toField} />}
        {!isSecret && rows.length > 0 && (
          <RowList
            sections={cut(sections, growing.shown)}
            count={rows.length}
            active={rows[keys.active]}
            running={tests.running}
            used={used}
            onChoose={choose}
          />
        )}
        {!isSecret && rows.length === 0 && (
          <Nothing
            query={query.trim()}
            elsewhere={rowsOf(sectionsFor(stock, { ...question, category: "all" })).length}
            onShowAll={() => setCategory("all")}
            onPaste={toField}
          />
        )}
        <div ref={growing.end} />
      </div>
    </>
  );
}

/** The wallets of this browser and what was connected before: helpful, but nobody waits for either. */
function useWhatIsThere(): { readonly wallets: readonly HostWallet[]; readonly used: readonly Connection[] } {
  const { host, api } = useConnect();
  const [wallets, setWallets] = useState<readonly HostWallet[]>([]);
  const [used, setUsed] = useState<readonly Connection[]>([]);
  useEffect(() => {
    const nobody = () => undefined;
    host.ask("wallets.list", {}).then(setWallets, nobody);
    api.connections().then(setUsed, nobody);
  }, []);
  return { wallets, used };
}

/** Say how many there are once the person pauses. */
function useCountAnnounced(count: number | null, of: string): void {
  const { t } = useConnect();
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current || count === null) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(() => announce(t("picker.results", { count })), ANNOUNCE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [count, of]);
}
