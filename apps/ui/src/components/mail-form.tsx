/** Asks for an e-mail address. */

import { useState } from "preact/hooks";
import { Button } from "./button.js";
import { TextField } from "./text-field.js";
import { useFocusedField } from "./use-focused-field.js";
import { useOnce } from "./use-once.js";
import type { Trouble } from "./use-trouble.js";
import { useWords } from "./words.js";

interface Props {
  readonly trouble: Trouble;
  readonly label: string;
  readonly action: string;
  readonly start: (email: string) => Promise<void>;
  readonly email?: string;
  /** Whether it stands in the place of what was pressed. */
  readonly takesFocus?: boolean;
}

export function MailForm({ trouble, label, action, start, email: given = "", takesFocus = false }: Props) {
  const t = useWords();
  const form = useFocusedField(takesFocus);
  const [email, setEmail] = useState(given);
  const [wrong, setWrong] = useState<string | null>(null);

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
      ref={form}
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
