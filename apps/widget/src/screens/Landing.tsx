/** The first screen: who asks, why it is safe, and how to sign in. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon, type IconName } from "@kryptos_connect/ui/components/icon.js";
import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { TextField } from "@kryptos_connect/ui/components/text-field.js";
import { useState } from "preact/hooks";
import { useConnect } from "../app/connect.js";
import type { AuthMethod } from "../contracts.js";
import { LogoPair } from "../ui/logo-pair.js";
import { ScreenFrame } from "../ui/screen-frame.js";
import { useTrouble } from "./use-trouble.js";

export function Landing() {
  const { t, appName, api, go, signedIn, config, session } = useConnect();
  const [email, setEmail] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const trouble = useTrouble();
  const methods = offered(session.auth_methods, config.authMethods);
  const hasEmail = methods.includes("email");
  const hasGuest = methods.includes("anonymous");

  const start = async () => {
    const address = email.trim();
    if (!looksLikeMail(address)) {
      setWrong(t(address === "" ? "mail.missing" : "mail.wrong"));
      return;
    }
    await trouble.during(async () => {
      await api.startEmail(address);
      go({ name: "code", email: address });
    });
  };
  const guest = () => trouble.during(async () => signedIn(await api.goAnonymous()));

  return (
    <ScreenFrame
      class="landing"
      align="center"
      hasLogos={false}
      picture={<LogoPair size={56} />}
      title={t("landing.title", { app: appName })}
      {...(hasEmail && { onSubmit: start, action: { label: t("continue") } })}
      {...(!hasEmail && hasGuest && { action: { label: t("landing.guest"), onPress: guest } })}
      below={
        hasEmail &&
        hasGuest && (
          <Button kind="link" onPress={guest}>
            {t("landing.guest")}
          </Button>
        )
      }
    >
      {trouble.notice}
      <div class="reasons">
        <Reason icon="bolt" title={t("landing.quick.title")} text={t("landing.quick.text")} />
        <Reason
          icon="shield"
          title={t("landing.view.title")}
          text={t("landing.view.text", { app: appName })}
        />
      </div>
      {hasEmail && (
        <TextField
          label={t("mail.label")}
          type="email"
          name="email"
          autoComplete="email"
          value={email}
          error={wrong}
          onInput={(value) => {
            setEmail(value);
            setWrong(null);
          }}
        />
      )}
      {methods.length === 0 && <Notice tone="error" title={t("landing.nobody")} />}
      <footer class="small-print">
        {hasEmail && <p>{t("landing.privacy", { app: appName })}</p>}
        {(session.privacy_url || session.terms_url) && (
          <p class="two-links">
            <OwnPage url={session.privacy_url} text={t("landing.privacy_link")} />
            <OwnPage url={session.terms_url} text={t("landing.terms_link")} />
          </p>
        )}
        <p>{t("footer.powered_by")}</p>
      </footer>
    </ScreenFrame>
  );
}

interface ReasonProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

function Reason({ icon, title, text }: ReasonProps) {
  return (
    <div class="reason">
      <span class="reason-picture">
        <Icon name={icon} />
      </span>
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
    </div>
  );
}

/** A page of whoever runs this server, in a tab of its own. */
function OwnPage({ url, text }: { readonly url: string | null; readonly text: string }) {
  return (
    url && (
      <a href={url} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    )
  );
}

/** What the server can do, less what the app does not want. */
function offered(server: readonly AuthMethod[], app: readonly AuthMethod[] | null): readonly AuthMethod[] {
  const both = server.filter((each) => app === null || app.includes(each));
  return both.length > 0 ? both : server;
}

/** Only what cannot be an address is refused here; whether it is one, the mail will tell. */
const looksLikeMail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) && text.length <= 254;
