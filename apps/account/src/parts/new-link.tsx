/** Makes a guest a new management link, to copy and keep. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { SecretLink } from "@kryptos_connect/ui/components/secret-link.js";
import { useState } from "preact/hooks";
import { usePage } from "../app/contexts.js";
import { useTrouble } from "./use-trouble.js";

export function NewLink() {
  const { t, api } = usePage();
  const [url, setUrl] = useState<string | null>(null);
  const trouble = useTrouble();
  const make = () =>
    trouble.during(async () => {
      setUrl((await api.managementLink()).url);
      announce(t("manage.label"));
    });
  return (
    <>
      {trouble.notice}
      {url !== null && <SecretLink url={url} />}
      <Button onPress={make}>{t("manage.action")}</Button>
    </>
  );
}
