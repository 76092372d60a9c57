/** Text that is folded away until somebody wants it. */

import type { ComponentChildren } from "preact";
import { Icon } from "./icon.js";

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly open?: boolean;
}

export function Accordion({ title, children, open = false }: Props) {
  return (
    <details class="accordion" open={open}>
      <summary>
        <span>{title}</span>
        <Icon name="chevron-down" />
      </summary>
      <div class="accordion-body">{children}</div>
    </details>
  );
}
