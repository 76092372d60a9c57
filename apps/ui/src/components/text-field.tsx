/** A field to type into: label, hint, what is wrong with it, and for secrets a way to look. */

import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { FieldMessage } from "./field-message.js";
import { Icon } from "./icon.js";
import { useWords } from "./words.js";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: ComponentChildren;
  readonly error?: string | null;
  /** Shown as dots, with a button to reveal it. Never remembered by the browser. */
  readonly secret?: boolean;
  /** For addresses and keys: fixed-width letters, no spelling help. */
  readonly code?: boolean;
  readonly type?: "text" | "email" | "search" | "url";
  readonly autoComplete?: "off" | "email" | "new-password";
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly maxLength?: number;
  readonly onBlur?: () => void;
}

export function TextField(props: Props) {
  const { label, value, hint, error = null, secret = false, code = secret, type = "text" } = props;
  const t = useWords();
  const [isRevealed, reveal] = useState(false);
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <div id={`${id}-hint`} class="field-hint">
          {hint}
        </div>
      )}
      <div class="input-wrap">
        <input
          id={id}
          class={`input${code ? " input-code" : ""}${secret ? " input-secret" : ""}`}
          type={secret && !isRevealed ? "password" : type}
          name={props.name}
          value={value}
          placeholder={props.placeholder}
          required={props.required}
          readOnly={props.disabled}
          maxLength={props.maxLength}
          autoComplete={props.autoComplete ?? "off"}
          autoCapitalize="none"
          spellcheck={false}
          data-1p-ignore={secret || undefined}
          data-lpignore={secret ? "true" : undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          onPaste={(event) => pasteTrimmed(event, props.onInput)}
          onBlur={props.onBlur}
        />
        {secret && (
          <button
            type="button"
            class="reveal"
            aria-pressed={isRevealed}
            aria-label={t(isRevealed ? "hide_field" : "show_field", { field: label })}
            onClick={() => reveal(!isRevealed)}
          >
            <Icon name={isRevealed ? "eye-off" : "eye"} />
          </button>
        )}
      </div>
      <FieldMessage id={`${id}-error`} error={error} />
    </div>
  );
}

/** Copied text often carries a line break or spaces at its ends, which no address and no key has. */
function pasteTrimmed(event: JSX.TargetedClipboardEvent<HTMLInputElement>, onInput: (value: string) => void) {
  const pasted = event.clipboardData?.getData("text") ?? "";
  const trimmed = pasted.trim();
  if (trimmed === pasted) return;
  event.preventDefault();
  const input = event.currentTarget;
  input.setRangeText(trimmed, input.selectionStart ?? 0, input.selectionEnd ?? input.value.length, "end");
  onInput(input.value);
}
