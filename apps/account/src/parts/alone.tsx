/** A page with one thing on it, for whoever is not signed in: a card in the middle, language and theme below. */

import { Mark } from "@kryptos_connect/ui/components/mark.js";
import type { ComponentChildren } from "preact";
import { usePage } from "../app/contexts.js";
import { Preferences } from "./preferences.js";
import { useHeading } from "./use-heading.js";

interface Props {
  readonly title: string;
  readonly lead?: ComponentChildren;
  readonly children?: ComponentChildren;
}

export function Alone({ title, lead, children }: Props) {
  const { t } = usePage();
  const heading = useHeading(title);
  return (
    <div class="alone">
      <header class="alone-brand">
        <Mark size={40} />
        <span class="brand-texts">
          <span class="brand-name">{t("page.name")}</span>
          <span class="brand-centre">{t("page.centre")}</span>
        </span>
      </header>
      <main class="alone-card">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </main>
      <footer class="alone-foot">
        <Preferences />
      </footer>
    </div>
  );
}
