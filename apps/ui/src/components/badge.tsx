/** A word that marks something. */

import type { ComponentChildren } from "preact";

interface Props {
  readonly children: ComponentChildren;
  readonly tone?: "neutral" | "warning" | "success" | "error" | "info";
  readonly title?: string;
}

export function Badge({ children, tone = "neutral", title }: Props) {
  return (
    <span class={`badge badge-${tone}`} title={title}>
      {children}
    </span>
  );
}
