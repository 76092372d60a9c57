/** The chains of an account: looked for, shown as chips that are switched on or off, and added by hand. */

import { FieldMessage } from "@kryptos_connect/ui/components/field-message.js";
import {
  Accordion,
  announce,
  Button,
  Logo,
  Skeleton,
  TextField,
} from "@kryptos_connect/ui/components/index.js";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { Detected } from "../../contracts.js";
import { indexProviders, search } from "../../search/search.js";
import { type ChainChoice, MOST_CHAINS, shownChains } from "./chains.js";
import { TroubleNotice } from "./trouble.js";
import type { AccountForm } from "./use-account-form.js";
import { useList } from "./use-list.js";
import "./chain-picker.css";

const NAMED_UNREACHABLE = 3;
const MOST_FOUND = 8;

interface Props {
  readonly form: AccountForm;
  /** The chain that was picked as provider. */
  readonly own: string | null;
  readonly error: string | null;
}

export function ChainPicker({ form, own, error }: Props) {
  const { t } = useConnect();
  const { lookup, chosen } = form;
  const detected = lookup.state === "found" ? lookup.detected : null;
  const shown = shownChains(form.chains, own, detected, chosen);
  const toggle = (id: string) =>
    form.choose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);

  useEffect(() => {
    if (detected) announce(t("chains.found", { count: detected.chains.length }));
  }, [detected]);

  return (
    <fieldset class="chain-picker" aria-busy={lookup.state === "looking"}>
      <legend>{t("chains.title")}</legend>
      {lookup.state === "looking" && <Looking />}
      {detected && <Finding detected={detected} />}
      {lookup.state !== "looking" && shown.length > 0 && (
        <>
          <ChainChips chains={shown} chosen={chosen} onToggle={toggle} />
          {shown.length > 1 && <AllOrNone shown={shown} form={form} />}
        </>
      )}
      {detected && detected.unreachable.length > 0 && (
        <Unreachable chains={detected.unreachable} onRetry={form.lookAgain} />
      )}
      {lookup.state === "failed" && !form.addressFailure && (
        <TroubleNotice failure={lookup.failure} onRetry={form.lookAgain} />
      )}
      <FieldMessage id="chains-error" error={error} />
      {lookup.state !== "looking" && form.chains.length > shown.length && (
        <Accordion
          title={t("chains.by_hand")}
          open={shownChains(form.chains, own, detected, []).length === 0}
        >
          <ByHand chains={form.chains} chosen={chosen} onToggle={toggle} />
        </Accordion>
      )}
    </fieldset>
  );
}

function Looking() {
  const { t } = useConnect();
  return (
    <div class="chain-looking">
      <p class="quiet">{t("chains.looking")}</p>
      <Skeleton shape="line" count={2} />
    </div>
  );
}

function Finding({ detected }: { readonly detected: Detected }) {
  const { t } = useConnect();
  const count = detected.chains.length;
  if (count > 0) return <p class="quiet">{t("chains.found", { count })}</p>;
  return (
    <p class="quiet">
      {detected.looked > 0 ? t("chains.unused", { count: detected.looked }) : t("chains.nobody_answered")}
    </p>
  );
}

interface ChipsProps {
  readonly chains: readonly ChainChoice[];
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
}

/** Each chip says by a tick, not by colour alone, whether it is on. */
export function ChainChips({ chains, chosen, onToggle }: ChipsProps) {
  return (
    <div class="chain-chips">
      {chains.map((chain) => (
        <button
          key={chain.id}
          type="button"
          class="chain-chip"
          aria-pressed={chosen.includes(chain.id)}
          disabled={!chosen.includes(chain.id) && chosen.length >= MOST_CHAINS}
          onClick={() => onToggle(chain.id)}
        >
          <Logo src={chain.logo} name={chain.name} size={24} />
          <span>{chain.name}</span>
          <span class="chain-tick" aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}

function AllOrNone({ shown, form }: { readonly shown: readonly ChainChoice[]; readonly form: AccountForm }) {
  const { t } = useConnect();
  const all = shown.map((each) => each.id).slice(0, MOST_CHAINS);
  return (
    <div class="chain-all">
      <span class="quiet">{t("chains.chosen", { count: form.chosen.length })}</span>
      {form.chosen.length < all.length ? (
        <Button kind="link" onPress={() => form.choose(all)}>
          {t("chains.select_all")}
        </Button>
      ) : (
        <Button kind="link" onPress={() => form.choose([])}>
          {t("chains.remove_all")}
        </Button>
      )}
    </div>
  );
}

interface UnreachableProps {
  readonly chains: readonly ChainChoice[];
  readonly onRetry: () => void;
}

function Unreachable({ chains, onRetry }: UnreachableProps) {
  const { t } = useConnect();
  const list = useList();
  const named = chains.slice(0, NAMED_UNREACHABLE).map((each) => each.name);
  const count = chains.length - named.length;
  const names = list(count > 0 ? [...named, t("chains.others", { count })] : named);
  return (
    <div class="chain-unreachable">
      <p class="quiet">{t("chains.unreachable", { names })}</p>
      <Button kind="link" onPress={onRetry}>
        {t("chains.look_again")}
      </Button>
    </div>
  );
}

function ByHand({ chains, chosen, onToggle }: ChipsProps) {
  const { t } = useConnect();
  const [query, setQuery] = useState("");
  const index = useMemo(() => indexProviders(chains.map(asSearchable)), [chains.length]);
  const named = new Map(chains.map((each) => [each.id, each]));
  const ids =
    query.trim() === "" ? chains.map((each) => each.id) : search(index, query).map((each) => each.id);
  const found = ids.slice(0, MOST_FOUND).flatMap((id) => named.get(id) ?? []);
  return (
    <div class="chain-by-hand">
      <TextField label={t("chains.search")} type="search" value={query} onInput={setQuery} maxLength={60} />
      {found.length > 0 ? (
        <ChainChips chains={found} chosen={chosen} onToggle={onToggle} />
      ) : (
        <p class="quiet" role="status">
          {t("chains.none_named", { query: query.trim() })}
        </p>
      )}
    </div>
  );
}

function asSearchable({ id, name }: ChainChoice, at: number) {
  return { id, publicName: name, symbol: null, aliases: [], rank: at, isWorking: true };
}
