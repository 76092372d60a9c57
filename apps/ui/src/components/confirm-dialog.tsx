/** Asks before something that cannot be undone. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Button } from "./button.js";

interface Props {
  readonly title: string;
  readonly text: ComponentChildren;
  readonly confirm: string;
  readonly cancel: string;
  readonly danger?: boolean;
  readonly onConfirm: () => void | Promise<void>;
  readonly onCancel: () => void;
}

/** Shown for as long as it is rendered. */
export function ConfirmDialog({ title, text, confirm, cancel, danger = false, onConfirm, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Not before the key that asked for it is done with: Esc would close it at once.
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // While it is open, nothing behind it can take the focus.
      shown?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      // Esc belongs to this dialog here, not to the widget behind it.
      onKeyDown={(event) => event.key === "Escape" && event.stopPropagation()}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <div class="confirm-text" id={`${id}-text`}>
        {text}
      </div>
      <div class="confirm-actions">
        <Button kind="secondary" onPress={onCancel}>
          {cancel}
        </Button>
        <Button kind={danger ? "danger" : "primary"} onPress={onConfirm}>
          {confirm}
        </Button>
      </div>
    </dialog>
  );
}
