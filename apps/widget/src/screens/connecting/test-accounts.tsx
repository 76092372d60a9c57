/** The sandbox's test accounts: one press connects one. */

import { Icon, List, Row, Spinner } from "@kryptos_connect/ui/components/index.js";
import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, TestAccount } from "../../contracts.js";
import { FormTrouble } from "./form-trouble.js";
import { useConnecting } from "./use-connecting.js";

export interface TestAccountConnecting {
  /** The persona that is being connected. */
  readonly running: string | null;
  readonly failed: { readonly account: TestAccount; readonly failure: ApiFailure } | null;
  connect(account: TestAccount): Promise<void>;
}

/** Return how to connect a test account, one at a time, and how that went. */
export function useTestAccounts(): TestAccountConnecting {
  const connecting = useConnecting();
  const [running, setRunning] = useState<string | null>(null);
  const [failed, setFailed] = useState<TestAccountConnecting["failed"]>(null);
  const connect = async (account: TestAccount) => {
    if (running !== null) return;
    setRunning(account.persona);
    setFailed(null);
    try {
      await connecting({ provider: account.provider, persona: account.persona });
    } catch (thrown) {
      setFailed({ account, failure: asFailure(thrown) });
      setRunning(null);
    }
  };
  return { running, failed, connect };
}

/** A list of test accounts below a form. */
export function TestAccounts({ accounts }: { readonly accounts: readonly TestAccount[] }) {
  const { t } = useConnect();
  const { running, failed, connect } = useTestAccounts();
  return (
    <section class="test-accounts">
      <h2>{t("picker.section.test")}</h2>
      {failed && <FormTrouble failure={failed.failure} provider={failed.account.name} />}
      <List label={t("picker.section.test")}>
        {accounts.map((account) => (
          <Row
            key={account.persona}
            title={account.name}
            subtitle={account.description}
            trailing={running === account.persona ? <Spinner label={t("working")} /> : <Icon name="plus" />}
            onPress={() => void connect(account)}
          />
        ))}
      </List>
    </section>
  );
}
