/** A link that opens something: shown once, to be copied. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { useId, useRef, useState } from "preact/hooks";
import { usePage } from "../app/contexts.js";

export function SecretLink({ url }: { readonly url: string }) {
  const { t } = usePage();
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
      </div>
      <p id={`${id}-hint`} class="field-hint">
        {copied === false ? t("manage.copy_failed") : t("manage.keep")}
      </p>
    </div>
  );
}
