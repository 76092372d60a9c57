/** The form of an address: typed or pasted, its chains looked up, a name for it, and what can go wrong with each. */

import { Button, Logo, Notice, TextField } from "@kryptos_connect/ui/components/index.js";
import { shortAddress } from "@kryptos_connect/ui/i18n/short-address.js";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { TEST_ADDRESSES } from "../../addresses/sandbox.js";
import { useConnect } from "../../app/connect.js";
import type { Provider, Providers } from "../../contracts.js";
import type { MessageKey } from "../../i18n/texts.js";
import { ScreenFrame } from "../../ui/screen-frame.js";
import { ChainPicker } from "./chain-picker.js";
import { FormTrouble } from "./form-trouble.js";
import { TestAccounts } from "./test-accounts.js";
import { troubleOf } from "./trouble.js";
import { type AccountForm, useAccountForm } from "./use-account-form.js";
import "./quiet.css";
import "./account-form.css";

const LONGEST_ALIAS = 100;
/** The server looks at no longer text. */
const LONGEST_ADDRESS = 200;

interface Props {
  readonly title: string;
  readonly lead: string;
  readonly provider: Provider | null;
  readonly offered: Providers;
  readonly text: string;
  /** Above the fields. */
  readonly notice?: ComponentChildren;
  /** Under the fields. */
  readonly children?: ComponentChildren;
  /** The wallet chosen for a pasted address. */
  readonly wallet?: string;
}

export function AccountFormScreen({ title, lead, provider, offered, text, notice, children, wallet }: Props) {
  const { t } = useConnect();
  const form = useAccountForm({ provider, providers: offered.providers, text });
  const error = addressError(useConnect(), form, provider);
  const chainsError =
    form.problem === "no-chains" || form.failure?.fields.includes("chains") ? t("form.chains_wrong") : null;
  const aliasError = form.failure?.fields.includes("alias") ? t("form.alias_wrong") : null;
  const isTold = form.addressFailure !== null || chainsError !== null || aliasError !== null;
  const fields = useFocusOnError(`${error}${chainsError}${aliasError}`);
  return (
    <ScreenFrame
      title={title}
      lead={lead}
      picture={provider && <Logo src={provider.logo} name={provider.publicName} size={56} />}
      action={{ label: t("form.connect"), busy: form.lookup.state === "looking" }}
      onSubmit={() => form.submit(wallet)}
    >
      <div class="account-form" ref={fields}>
        {notice}
        <div>
          <TextField
            label={addressLabel(t, provider)}
            value={form.text}
            onInput={form.type}
            error={error}
            code
            name="address"
            placeholder={placeholderOf(provider)}
            maxLength={LONGEST_ADDRESS}
          />
          <BelowAddress form={form} provider={provider} />
        </div>
        {isSandboxRefusal(form) && <SandboxHelp form={form} provider={provider} offered={offered} />}
        {form.picksChains && (
          <ChainPicker
            form={form}
            own={provider?.type === "blockchain" ? provider.id : null}
            error={chainsError}
          />
        )}
        <TextField
          label={t("form.alias")}
          hint={t("form.alias_hint")}
          value={form.alias}
          onInput={form.name}
          error={aliasError}
          maxLength={LONGEST_ALIAS}
          name="nickname"
        />
        {form.failure && !isTold && (
          <FormTrouble
            failure={form.failure}
            provider={provider?.publicName ?? t("trouble.this_account")}
            onRetry={() => form.submit(wallet)}
          />
        )}
        {children}
      </div>
    </ScreenFrame>
  );
}

/** Move the focus to the first field that has something wrong with it, once the person has pressed the button. */
function useFocusOnError(errors: string) {
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const active = document.activeElement;
    if (active instanceof HTMLInputElement) return; // whoever is typing goes on typing
    fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  return fields;
}

const SINGLE_FAMILY_LABELS: Readonly<Record<string, MessageKey>> = {
  solana: "form.address_solana",
  utxo: "form.address_utxo",
};

function addressLabel(t: ReturnType<typeof useConnect>["t"], provider: Provider | null): string {
  if (!provider) return t("form.address_any");
  const [family = "", ...more] = provider.families;
  const key = more.length === 0 ? SINGLE_FAMILY_LABELS[family] : undefined;
  return t(key ?? "form.address", { name: provider.publicName });
}

/** A form to compare with, not an address: it says how one begins. */
function placeholderOf(provider: Provider | null): string {
  return provider?.families.includes("evm") ? "0x…" : "";
}

function addressError(
  connect: ReturnType<typeof useConnect>,
  form: AccountForm,
  provider: Provider | null,
): string | null {
  const { t } = connect;
  const name = provider?.publicName ?? t("trouble.this_account");
  const { problem, addressFailure } = form;
  if (problem !== null && problem !== "no-chains") return t(`form.problem.${problem}`, { name });
  if (!addressFailure) return null;
  if (addressFailure.code !== "ADDRESS_INVALID" && addressFailure.code !== "VALIDATION_ERROR")
    return troubleOf(connect, addressFailure, name).text;
  // Of Ethereum's form, and yet wrong: that can only be the checksum (EIP-55).
  if (form.families[0] === "evm") return t("form.problem.checksum");
  return provider ? t("trouble.ADDRESS_INVALID.text", { provider: name }) : t("form.problem.not-address");
}

function BelowAddress({
  form,
  provider,
}: {
  readonly form: AccountForm;
  readonly provider: Provider | null;
}) {
  const { t, go, session } = useConnect();
  const { lookup, problem } = form;
  if (problem === "private-key" || problem === "recovery-phrase") {
    return (
      <Notice
        tone="warning"
        title={t("form.secret.title")}
        action={{ label: t("form.secret.clear"), onPress: () => form.type("") }}
      >
        {t("form.secret.text")}
      </Notice>
    );
  }
  if (problem === "other-family") {
    const onPress = () => go({ name: "address", address: form.text.trim() });
    return (
      <Button kind="link" onPress={onPress}>
        {t("form.use_elsewhere")}
      </Button>
    );
  }
  if (lookup.state === "found" && lookup.address !== form.text.trim())
    return (
      <p class="quiet">
        {t("form.name_is", { name: form.text.trim(), address: shortAddress(lookup.address) })}
      </p>
    );
  const test = provider && session.app.mode === "sandbox" ? TEST_ADDRESSES[provider.id] : undefined;
  if (test && form.text.trim() !== test) {
    return (
      <Button kind="link" onPress={() => form.type(test)}>
        {t("form.fill_test_address")}
      </Button>
    );
  }
  return null;
}

function isSandboxRefusal(form: AccountForm): boolean {
  const codes = [form.addressFailure?.code, form.failure?.code];
  return codes.includes("SANDBOX_ADDRESS_NOT_ALLOWED") || codes.includes("SANDBOX_PROVIDER_NOT_ALLOWED");
}

interface HelpProps {
  readonly form: AccountForm;
  readonly provider: Provider | null;
  readonly offered: Providers;
}

/** What can be connected in the sandbox instead: the test addresses that fit, and the test accounts. */
function SandboxHelp({ form, provider, offered }: HelpProps) {
  const { t } = useConnect();
  const fits = (id: string) => !provider || provider.id === id;
  const named = offered.providers.filter((each) => fits(each.id) && TEST_ADDRESSES[each.id]);
  return (
    <div class="sandbox-help">
      {named.map((each) => (
        <Button key={each.id} onPress={() => form.type(TEST_ADDRESSES[each.id] ?? "")}>
          {t("form.fill_test_address_of", { name: each.publicName })}
        </Button>
      ))}
      <TestAccounts accounts={offered.test_accounts.filter((each) => fits(each.provider))} />
    </div>
  );
}
