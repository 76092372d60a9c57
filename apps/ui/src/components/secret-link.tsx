/** A link that opens something: shown once, to be copied. */

import { useId, useRef, useState } from "preact/hooks";
import { announce } from "./announcer.js";
import { Button } from "./button.js";
import { Icon } from "./icon.js";
import { useWords } from "./words.js";

interface Props {
  readonly url: string;
  /** Whether somebody may want to open it here and now. */
  readonly isOpenable?: boolean;
}

export function SecretLink({ url, isOpenable = false }: Props) {
  const t = useWords();
  const [copied, setCopied] = useState<boolean | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();

  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(url);
      setCopied(true);
      announce(t("manage.copied"));
    } catch {
      setCopied(false);
    }
  };
  return (
    <div class="field">
      <label for={id}>{t("manage.label")}</label>
      <div class="copy-row">
        <input
          ref={field}
          id={id}
          class="input input-code"
          type="text"
          readOnly
          value={url}
          aria-describedby={`${id}-hint`}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button onPress={copy}>
          <Icon name={copied ? "check" : "copy"} />
          {t(copied ? "copied" : "copy")}
        </Button>
        {isOpenable && (
          <a class="button button-secondary" href={url} target="_blank" rel="noopener noreferrer">
            <Icon name="external" />
            {t("manage.open")}
          </a>
        )}
      </div>
      <p id={`${id}-hint`} class="field-hint">
        {copied === false ? t("manage.copy_failed") : t("manage.keep")}
      </p>
    </div>
  );
}
