/** Asks for the code that was mailed. */

import { Button } from "./button.js";
import { CodeField } from "./code-field.js";
import { useFocusedField } from "./use-focused-field.js";
import { useMailedCode } from "./use-mailed-code.js";
import type { Trouble } from "./use-trouble.js";
import { useWords } from "./words.js";

interface Props {
  readonly trouble: Trouble;
  readonly verify: (code: string) => Promise<void>;
  readonly sendAgain: () => Promise<void>;
  readonly other: { readonly label: string; readonly onPress: () => void };
}

export function CodeForm({ trouble, verify, sendAgain, other }: Props) {
  const t = useWords();
  const form = useFocusedField(true);
  const code = useMailedCode({ t, trouble, verify, sendAgain });
  return (
    <form
      ref={form}
      class="form"
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        code.submit();
      }}
    >
      {trouble.notice}
      <CodeField
        label={t("code.label")}
        value={code.digits}
        error={code.wrong}
        disabled={code.isVerifying}
        onInput={code.input}
      />
      <Button kind="primary" type="submit" busy={code.isVerifying}>
        {t("continue")}
      </Button>
      <p class="quiet">{t("code.patience")}</p>
      <div class="links">
        <Button kind="link" onPress={code.resend} disabled={code.seconds > 0}>
          {code.seconds > 0 ? t("code.resend_in", { count: code.seconds }) : t("code.resend")}
        </Button>
        <Button kind="link" onPress={other.onPress}>
          {other.label}
        </Button>
      </div>
    </form>
  );
}
