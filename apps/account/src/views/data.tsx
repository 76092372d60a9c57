/** What somebody can do with their data: take it along, come back by mail or link, have all of it erased. */

import { Icon } from "@kryptos_connect/ui/components/icon.js";
import type { ComponentChildren } from "preact";
import { useAccount, usePage } from "../app/contexts.js";
import { AddEmail } from "../parts/add-email.js";
import { Erase } from "../parts/erase.js";
import { Export } from "../parts/export.js";
import { NewLink } from "../parts/new-link.js";
import { View } from "../parts/view.js";

export function Data() {
  const { t } = usePage();
  const { person } = useAccount();
  return (
    <View title={t("data.title")} lead={t("data.lead")}>
      {person.email === null && (
        <Section title={t("email.add_title")} text={t("email.add_text")}>
          <AddEmail />
        </Section>
      )}
      {person.email !== null && (
        <Section title={t("email.title")} text={t("email.is", { email: person.email })}>
          <p class="good">
            <Icon name="check-circle" />
            <span>{t("email.safe")}</span>
          </p>
        </Section>
      )}
      {person.is_guest && (
        <Section title={t("manage.title")} text={t("manage.text")}>
          <NewLink />
        </Section>
      )}
      <Section title={t("export.title")} text={t("export.text")}>
        <Export />
      </Section>
      <Section title={t("erase.title")} text={t("erase.text")} isDangerous>
        <Erase />
      </Section>
    </View>
  );
}

interface SectionProps {
  readonly title: string;
  readonly text: string;
  readonly isDangerous?: boolean;
  readonly children: ComponentChildren;
}

function Section({ title, text, isDangerous = false, children }: SectionProps) {
  return (
    <section class={`card${isDangerous ? " card-danger" : ""}`}>
      <h2>{title}</h2>
      <p class="quiet">{text}</p>
      {children}
    </section>
  );
}
