/** Something to press that opens another app. */

import type { ComponentChildren } from "preact";
import { useConnect } from "../../app/connect.js";
import { openByApp } from "./opening.js";

interface Props {
  readonly url: string;
  readonly class: string;
  readonly children: ComponentChildren;
  /** Whether an app took it; a browser tells nobody, and is believed to have found one. */
  readonly onTold: (isOpened: boolean) => void;
}

export function OpenLink({ url, class: look, children, onTold }: Props) {
  const { host } = useConnect();
  if (host.kind === "app")
    return (
      <button type="button" class={look} onClick={() => void openByApp(host, url).then(onTold)}>
        {children}
      </button>
    );
  return (
    <a class={look} href={url} target="_blank" rel="noopener noreferrer" onClick={() => onTold(true)}>
      {children}
    </a>
  );
}
