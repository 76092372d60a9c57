/** A button that cannot be pressed twice while its work is under way. */

import type { ComponentChildren } from "preact";
import { Spinner } from "./spinner.js";
import { useOnce } from "./use-once.js";
import { useWords } from "./words.js";

interface Props {
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "secondary" | "link" | "danger";
  /** `submit` presses the form around it instead of `onPress`. */
  readonly type?: "button" | "submit";
  /** Busy until a returned promise settles; a rejection is for whoever returned it to handle. */
  readonly onPress?: () => void | Promise<void>;
  /** Busy for a reason of the screen's. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly label?: string;
  readonly describedBy?: string;
  readonly class?: string;
}

export function Button({
  children,
  kind = "secondary",
  type = "button",
  onPress,
  busy = false,
  disabled = false,
  label,
  describedBy,
  class: extra = "",
}: Props) {
  const t = useWords();
  const [isRunning, run] = useOnce(onPress);
  const isBusy = busy || isRunning;
  return (
    <button
      type={type}
      class={`button button-${kind} ${extra}`}
      disabled={disabled}
      // A busy button stays focusable: a disabled one would drop the focus.
      aria-disabled={isBusy || undefined}
      aria-label={label}
      aria-describedby={describedBy}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else if (type === "button") run();
      }}
    >
      {isBusy && <Spinner label={t("working")} />}
      <span class="button-text">{children}</span>
    </button>
  );
}
