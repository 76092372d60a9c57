/** How the person sees later what the app reads, and ends it: a link or an address for a guest, a way there for others. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { CodeForm } from "@kryptos_connect/ui/components/code-form.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { MailForm } from "@kryptos_connect/ui/components/mail-form.js";
import { SecretLink } from "@kryptos_connect/ui/components/secret-link.js";
import "@kryptos_connect/ui/components/forms.css";
import { useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import { useTrouble } from "../use-trouble.js";

/** The consent centre is a page of this server. */
const CONSENT_CENTRE = "/account";

export function KeepControl() {
  const { t, session, appName } = useConnect();
  const isGuest = session.user?.is_anonymous === true;
  return (
    <section class="keep-control">
      <Icon name="shield" />
      <div class="keep-control-texts">
        <h2>{t("control.title")}</h2>
        <p>{t(isGuest ? "control.guest_text" : "control.known_text", { app: appName })}</p>
        {isGuest ? (
          <ForGuests />
        ) : (
          <a class="button button-link" href={CONSENT_CENTRE} target="_blank" rel="noopener noreferrer">
            {t("control.centre")}
            <Icon name="external" />
          </a>
        )}
      </div>
    </section>
  );
}

function ForGuests() {
  const { t, api, report } = useConnect();
  const [url, setUrl] = useState<string | null>(null);
  const [isAdding, add] = useState(false);
  const trouble = useTrouble();
  const makeLink = () =>
    trouble.during(async () => {
      setUrl((await api.managementLink()).url);
      report("management_link_shown");
    });
  if (isAdding) return <AddAddress onCancel={() => add(false)} />;
  return (
    <>
      {trouble.notice}
      {url !== null && <SecretLink url={url} isOpenable />}
      <div class="keep-control-actions">
        {url === null && (
          <Button kind="link" onPress={makeLink}>
            {t("control.link")}
          </Button>
        )}
        <Button kind="link" onPress={() => add(true)}>
          {t("control.add_email")}
        </Button>
      </div>
    </>
  );
}

/** The guest's consent and accounts stay; the session is read anew, for it has an address now. */
function AddAddress({ onCancel }: { readonly onCancel: () => void }) {
  const { t, api, report, setSession } = useConnect();
  const [email, setEmail] = useState<string | null>(null);
  const trouble = useTrouble();
  const start = async (address: string) => {
    await api.startAddress(address);
    setEmail(address);
  };
  if (email === null)
    return (
      <MailForm trouble={trouble} takesFocus label={t("mail.label")} action={t("continue")} start={start} />
    );
  const verify = async (code: string) => {
    await api.addAddress(email, code);
    report("address_added");
    announce(t("control.added", { email }));
    setSession(await api.session());
  };
  return (
    <>
      <p>{t("code.lead", { email })}</p>
      <CodeForm
        trouble={trouble}
        verify={verify}
        sendAgain={() => api.startAddress(email)}
        other={{ label: t("cancel"), onPress: onCancel }}
      />
    </>
  );
}
