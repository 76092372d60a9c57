/** The code that was mailed: typed or pasted, sent again if it does not come. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { CodeField } from "@kryptos_connect/ui/components/code-field.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { useMailedCode } from "@kryptos_connect/ui/components/use-mailed-code.js";
import { useConnect } from "../app/connect.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { useTrouble } from "./use-trouble.js";

export function Code({ email }: { readonly email: string }) {
  const { t, api, signedIn, back } = useConnect();
  const trouble = useTrouble();
  const code = useMailedCode({
    t,
    trouble,
    verify: async (digits) => signedIn(await api.verifyEmail(email, digits)),
    sendAgain: () => api.startEmail(email),
  });

  return (
    <ScreenFrame
      align="center"
      picture={
        <span class="big-picture">
          <Icon name="mail" />
        </span>
      }
      title={t("code.title")}
      lead={t("code.lead", { email })}
      onSubmit={code.submit}
      action={{ label: t("continue"), busy: code.isVerifying }}
      below={
        <div class="two-links">
          <Button kind="link" onPress={code.resend} disabled={code.seconds > 0}>
            {code.seconds > 0 ? t("code.resend_in", { count: code.seconds }) : t("code.resend")}
          </Button>
          <Button kind="link" onPress={back}>
            {t("code.other_address")}
          </Button>
        </div>
      }
    >
      {trouble.notice}
      <CodeField
        label={t("code.label")}
        value={code.digits}
        error={code.wrong}
        disabled={code.isVerifying}
        onInput={code.input}
      />
      <p class="quiet-note">{t("code.patience")}</p>
    </ScreenFrame>
  );
}
