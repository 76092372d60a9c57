/** Something the person should know: what happened, what to do next, and a button for it. */

import type { ComponentChildren } from "preact";
import { Button } from "./button.js";
import { Icon, type IconName } from "./icon.js";

export type Tone = "info" | "success" | "warning" | "error";

interface Props {
  readonly tone: Tone;
  /** What happened. */
  readonly title?: string;
  /** Why, and what to do next. */
  readonly children?: ComponentChildren;
  readonly action?: { readonly label: string; readonly onPress: () => void | Promise<void> };
}

const ICONS: Readonly<Record<Tone, IconName>> = {
  info: "info",
  success: "check-circle",
  warning: "warning",
  error: "error",
};

export function Notice({ tone, title, children, action }: Props) {
  return (
    <div class={`notice notice-${tone}`} role={tone === "error" ? "alert" : undefined}>
      <Icon name={ICONS[tone]} />
      <div class="notice-texts">
        {title && <p class="notice-title">{title}</p>}
        {children && <div class="notice-body">{children}</div>}
        {action && (
          <Button kind="link" onPress={action.onPress}>
            {action.label}
          </Button>
        )}
      </div>
    </div>
  );
}
