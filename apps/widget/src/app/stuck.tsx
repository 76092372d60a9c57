/** A problem before there was a session: told in the same way, with what little is known. */

import { readLanguage } from "@kryptos_connect/ui/i18n/languages.js";
import { currentTheme } from "@kryptos_connect/ui/theme/apply.js";
import { useEffect } from "preact/hooks";
import type { ApiFailure, Connect, Host, Session } from "../contracts.js";
import { readConfig } from "../host/config.js";
import { createTexts } from "../i18n/texts.js";
import { Problem } from "../screens/Problem.js";
import type { Prepared } from "./boot.js";
import { ConnectProvider } from "./connect.js";

interface Props {
  readonly failure: ApiFailure;
  readonly host: Host | null;
  readonly prepared: Prepared | null;
  readonly onRetry: () => Promise<void>;
}

export function Stuck({ failure, host, prepared, onRetry }: Props) {
  const language = readLanguage(document.documentElement.lang);
  const config = prepared?.config ?? readConfig({}, { theme: currentTheme(), language });
  const texts = prepared?.texts ?? createTexts(config.language);
  const leave = () =>
    host?.exit(failure.code, failure.message || failure.code, failure.requestId ?? undefined);
  useEffect(() => host?.onBack(leave), [host, failure]);
  const connect = {
    config,
    t: texts.t,
    has: texts.has,
    language: config.language,
    session: blank(config.appName),
    appName: config.appName ?? texts.t("problem.the_app"),
    appLogo: null,
    canGoBack: false,
    leave,
  } as Partial<Connect> as Connect; // The rest needs a session: this one screen uses none of it.
  return (
    <ConnectProvider value={connect}>
      <Problem failure={failure} onRetry={onRetry} />
    </ConnectProvider>
  );
}

function blank(appName: string | null): Session {
  return {
    session_id: "",
    stage: "INIT",
    expires_at: "",
    is_resumed: false,
    app: { client_id: "", name: appName ?? "", mode: "production" },
    scopes: [],
    auth_methods: [],
    user: null,
    workspace: null,
    consent: null,
    repaired_wallet_id: null,
    redirect_uri: null,
    privacy_url: null,
    terms_url: null,
    walletconnect: null,
  };
}
