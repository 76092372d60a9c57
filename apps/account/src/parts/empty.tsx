/** Says kindly that there is nothing, and what would be here. */

import { Icon, type IconName } from "@kryptos_connect/ui/components/icon.js";

interface Props {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

export function Empty({ icon, title, text }: Props) {
  return (
    <div class="card empty">
      <span class="empty-picture">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      <p class="empty-text">{text}</p>
    </div>
  );
}
