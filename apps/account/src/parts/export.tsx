/** Downloads everything, and tells how far it is. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { useState } from "preact/hooks";
import { save } from "../api/download.js";
import { usePage } from "../app/contexts.js";
import type { Language } from "../contracts.js";
import { useTrouble } from "./use-trouble.js";

export function Export() {
  const { t, api, language } = usePage();
  const [bytes, setBytes] = useState<number | null>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const trouble = useTrouble();

  const run = () => {
    setSaved(null);
    return trouble
      .during(async () => {
        const { name, file } = await api.exportData(setBytes);
        save(name, file);
        setSaved(name);
        announce(t("export.done", { name }));
      })
      .finally(() => setBytes(null));
  };

  return (
    <>
      {trouble.notice}
      {saved !== null && <Notice tone="success">{t("export.done", { name: saved })}</Notice>}
      <div class="action">
        <Button onPress={run}>
          <Icon name="download" />
          {t("export.action")}
        </Button>
        {bytes !== null && (
          <span class="quiet">{t("export.progress", { size: sizeOf(bytes, language) })}</span>
        )}
      </div>
    </>
  );
}

function sizeOf(bytes: number, language: Language): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}
