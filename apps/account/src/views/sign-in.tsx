/** Signing in by mailed code, with kind words for those to whom none comes. */

import { Accordion } from "@kryptos_connect/ui/components/accordion.js";
import { CodeForm } from "@kryptos_connect/ui/components/code-form.js";
import { MailForm } from "@kryptos_connect/ui/components/mail-form.js";
import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { useState } from "preact/hooks";
import { usePage } from "../app/contexts.js";
import type { Session } from "../contracts.js";
import { Alone } from "../parts/alone.js";
import { useTrouble } from "../parts/use-trouble.js";

interface Props {
  readonly because: "new" | "ended" | "left";
  readonly onSignedIn: (session: Session) => void;
}

type Step =
  | { readonly name: "mail"; readonly email: string }
  | { readonly name: "code"; readonly email: string; readonly challenge: string };

export function SignIn({ because, onSignedIn }: Props) {
  const { t, api, language } = usePage();
  const trouble = useTrouble();
  const [step, setStep] = useState<Step>({ name: "mail", email: "" });

  const start = async (email: string) => {
    const { challenge } = await api.startSignIn(email, language);
    setStep({ name: "code", email, challenge });
  };
  const again = () => setStep({ name: "mail", email: step.email });

  if (step.name === "code") {
    const { email, challenge } = step;
    const verify = async (code: string) => onSignedIn(await api.verifySignIn({ challenge, email, code }));
    return (
      <Alone key="code" title={t("code.title")} lead={t("signin.code_lead", { email })}>
        <CodeForm
          trouble={trouble}
          verify={verify}
          sendAgain={() => start(email)}
          other={{ label: t("code.other_address"), onPress: again }}
        />
        {/* Whether somebody has this address is told to nobody: who has none here gets no mail. */}
        <Accordion title={t("signin.nothing_title")}>
          <p>{t("signin.nothing_text", { email })}</p>
          <p>{t("signin.guest_text")}</p>
        </Accordion>
      </Alone>
    );
  }
  return (
    <Alone key="mail" title={t("signin.title")} lead={t("signin.lead")}>
      {because === "ended" && (
        <Notice tone="warning" title={t("signin.ended")}>
          {t("signin.ended_text")}
        </Notice>
      )}
      {because === "left" && <Notice tone="success" title={t("signin.left")} />}
      <MailForm
        trouble={trouble}
        label={t("mail.label")}
        action={t("continue")}
        start={start}
        email={step.email}
      />
      <p class="quiet">{t("signin.privacy")}</p>
      <Accordion title={t("signin.guest_title")}>{t("signin.guest_text")}</Accordion>
    </Alone>
  );
}
