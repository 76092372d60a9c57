/** What all views of a signed-in person share: a way back, the heading, and how loading and its failure look. */

import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { Notice } from "@kryptos_connect/ui/components/notice.js";
import type { ComponentChildren } from "preact";
import { usePage } from "../app/contexts.js";
import { addressOf } from "../app/route.js";
import type { Loaded } from "../app/use-loaded.js";
import type { Route } from "../contracts.js";
import { useHeading } from "./use-heading.js";
import { useTell } from "./use-trouble.js";

interface Props {
  readonly title: string;
  readonly lead?: ComponentChildren;
  /** Before the heading: a picture. */
  readonly picture?: ComponentChildren;
  /** Beside the heading: badges. */
  readonly marks?: ComponentChildren;
  readonly back?: { readonly route: Route; readonly label: string };
  readonly isBusy?: boolean;
  readonly children: ComponentChildren;
}

export function View({ title, lead, picture, marks, back, isBusy = false, children }: Props) {
  const heading = useHeading(title);
  return (
    <div class="view" aria-busy={isBusy}>
      {back && (
        <a class="back-link" href={addressOf(back.route)}>
          <Icon name="back" />
          {back.label}
        </a>
      )}
      <div class="view-head">
        {picture}
        <div class="view-heading">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {marks}
        </div>
      </div>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </div>
  );
}

/** Why something is not there, or no longer what it was; nothing while all is well. */
export function LoadTrouble({ loaded }: { readonly loaded: Omit<Loaded<unknown>, "set"> }) {
  const { t } = usePage();
  const tell = useTell();
  if (loaded.failure === null) return null;
  const { title, text } = tell(loaded.failure);
  const isStale = loaded.value !== null;
  return (
    <Notice
      tone={isStale ? "warning" : "error"}
      title={isStale ? t("load.stale") : title}
      action={{ label: t("retry"), onPress: loaded.reload }}
    >
      {text}
    </Notice>
  );
}
