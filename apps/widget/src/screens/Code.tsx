/** The code that was mailed: typed or pasted, sent again if it does not come. */

import { useEffect, useState } from "preact/hooks";
import { useConnect } from "../app/connect.js";
import { announce } from "../ui/announcer.js";
import { Button } from "../ui/button.js";
import { CODE_LENGTH, CodeField } from "../ui/code-field.js";
import { Icon } from "../ui/icon.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { useOnce } from "../ui/use-once.js";
import { useTrouble } from "./use-trouble.js";

const WAIT_SECONDS = 30;
const MOST_TRIES = 5;

export function Code({ email }: { readonly email: string }) {
  const { t, api, signedIn, back } = useConnect();
  const [digits, setDigits] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const [seconds, waitAgain] = useCountdown(WAIT_SECONDS);
  const trouble = useTrouble();

  const verify = async (code: string) => {
    if (code.length < CODE_LENGTH) {
      setWrong(t("code.short"));
      return;
    }
    await trouble.during(async () => {
      try {
        await signedIn(await api.verifyEmail(email, code));
      } catch (failure) {
        if ((failure as { readonly code?: unknown }).code !== "CODE_INVALID") throw failure;
        const left = Math.max(0, MOST_TRIES - tries - 1);
        setTries(tries + 1);
        setDigits("");
        setWrong(left > 0 ? t("code.wrong", { count: left }) : t("code.no_tries"));
      }
    });
  };
  const [isVerifying, run] = useOnce(verify);

  const resend = () =>
    trouble.during(async () => {
      await api.startEmail(email);
      setTries(0);
      setWrong(null);
      setDigits("");
      waitAgain();
      announce(t("code.sent_again"));
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
      onSubmit={() => run(digits)}
      action={{ label: t("continue"), busy: isVerifying }}
      below={
        <div class="two-links">
          <Button kind="link" onPress={resend} disabled={seconds > 0}>
            {seconds > 0 ? t("code.resend_in", { count: seconds }) : t("code.resend")}
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
        value={digits}
        error={wrong}
        disabled={isVerifying}
        onInput={(value) => {
          setDigits(value);
          if (value !== "") setWrong(null);
          if (value.length === CODE_LENGTH) run(value);
        }}
      />
      <p class="quiet-note">{t("code.patience")}</p>
    </ScreenFrame>
  );
}

/** Seconds until something may be done again, and how to begin anew. */
function useCountdown(from: number): [number, () => void] {
  const [left, setLeft] = useState(from);
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, () => setLeft(from)];
}
