/** Six digits from a mail, in one input: pasting, autofill and screen readers then just work. */

import { useId } from "preact/hooks";
import { FieldMessage } from "./field-message.js";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (digits: string) => void;
  readonly error?: string | null;
  readonly disabled?: boolean;
}

export const CODE_LENGTH = 6;

export function CodeField({ label, value, onInput, error = null, disabled = false }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input code-input"
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        readOnly={disabled}
        spellcheck={false}
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onInput={(event) => {
          const digits = event.currentTarget.value.replace(/\D/g, "").slice(0, CODE_LENGTH);
          event.currentTarget.value = digits;
          onInput(digits);
        }}
      />
      <FieldMessage id={`${id}-error`} error={error} />
    </div>
  );
}
