/** Asks for an e-mail address. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { TextField } from "@kryptos_connect/ui/components/text-field.js";
import { useOnce } from "@kryptos_connect/ui/components/use-once.js";
import { useState } from "preact/hooks";
import { usePage } from "../app/contexts.js";
import { useTrouble } from "./use-trouble.js";

interface Props {
  readonly label: string;
  readonly action: string;
  readonly start: (email: string) => Promise<void>;
  readonly email?: string;
}

export function MailForm({ label, action, start, email: given = "" }: Props) {
  const { t } = usePage();
  const [email, setEmail] = useState(given);
  const [wrong, setWrong] = useState<string | null>(null);
  const trouble = useTrouble();

  const submit = async () => {
    const address = email.trim();
    if (!looksLikeMail(address)) {
      setWrong(t(address === "" ? "mail.missing" : "mail.wrong"));
      return;
    }
    await trouble.during(() => start(address));
  };
  const [isRunning, run] = useOnce(submit);

  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      {trouble.notice}
      <TextField
        label={label}
        type="email"
        name="email"
        autoComplete="email"
        value={email}
        error={wrong}
        onInput={(value) => {
          setEmail(value);
          setWrong(null);
        }}
      />
      <Button kind="primary" type="submit" busy={isRunning}>
        {action}
      </Button>
    </form>
  );
}

/** Only what cannot be an address is refused here; whether it is one, the mail will tell. */
const looksLikeMail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) && text.length <= 254;
