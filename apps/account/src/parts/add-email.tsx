/** A guest adds an e-mail address: proven by a mailed code, for coming back without a link. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { CodeForm } from "@kryptos_connect/ui/components/code-form.js";
import { MailForm } from "@kryptos_connect/ui/components/mail-form.js";
import { useState } from "preact/hooks";
import { useAccount, usePage } from "../app/contexts.js";

import { useTrouble } from "./use-trouble.js";

export function AddEmail() {
  const { t, api, language } = usePage();
  const { goOnAs } = useAccount();
  const [sent, setSent] = useState<{ readonly email: string; readonly challenge: string } | null>(null);
  const trouble = useTrouble();
  const [email, setEmail] = useState("");

  const start = async (address: string) => {
    const { challenge } = await api.startEmail(address, language);
    setEmail(address);
    setSent({ email: address, challenge });
  };
  if (sent === null)
    return (
      <MailForm
        trouble={trouble}
        label={t("mail.label")}
        action={t("email.send")}
        start={start}
        email={email}
      />
    );

  const verify = async (code: string) => {
    const { session, hasClaimed } = await api.verifyEmail({ ...sent, code });
    announce(t(hasClaimed ? "email.claimed" : "email.added", { email: sent.email }));
    goOnAs(session);
    document.querySelector<HTMLElement>("h1")?.focus();
  };
  return (
    <>
      <p>{t("code.lead", { email: sent.email })}</p>
      <CodeForm
        trouble={trouble}
        verify={verify}
        sendAgain={() => start(sent.email)}
        other={{ label: t("email.other"), onPress: () => setSent(null) }}
      />
    </>
  );
}
