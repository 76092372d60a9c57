/** The consent centre at work: who is here, which view is shown, in which language and theme. */

import { Announcer } from "@kryptos_connect/ui/components/announcer.js";
import { WordsContext } from "@kryptos_connect/ui/components/words.js";
import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { applyTheme } from "@kryptos_connect/ui/theme/apply.js";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api, ApiFailure, ErasureKey, Language, Page, Session, Theme } from "../contracts.js";
import { createTexts, type Texts } from "../i18n/texts.js";
import { Erasing } from "../views/erasing.js";
import { ManagementLink } from "../views/management-link.js";
import { SignIn } from "../views/sign-in.js";
import { PageContext } from "./contexts.js";
import { rememberLanguage, rememberTheme } from "./preferences.js";
import { takeManagementKey } from "./route.js";
import { SignedIn } from "./signed-in.js";
import { Starting, Stuck } from "./starting.js";

interface Props {
  readonly api: Api;
  /** Hears when a call was refused for want of a session. */
  readonly onSignedOut: (listener: () => void) => void;
  readonly texts: Texts;
  readonly theme: Theme;
}

type Where =
  | { readonly at: "starting" }
  | { readonly at: "stuck"; readonly failure: ApiFailure }
  | { readonly at: "out"; readonly because: "new" | "ended" | "left" }
  | { readonly at: "link"; readonly key: string }
  | { readonly at: "in"; readonly session: Session }
  | { readonly at: "erasing"; readonly erasure: ErasureKey };

export function App({ api, onSignedOut, texts: first, theme: firstTheme }: Props) {
  const [texts, setTexts] = useState(first);
  const [theme, setTheme] = useState(firstTheme);
  const [where, setWhere] = useState<Where>({ at: "starting" });
  const now = useRef(where);
  now.current = where;

  const start = async () => {
    try {
      setWhere({ at: "in", session: await api.session() });
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === "NOT_SIGNED_IN") setWhere({ at: "out", because: "new" });
      else setWhere({ at: "stuck", failure });
    }
  };

  useEffect(() => {
    // Where somebody is stays in the address: signing in again leads back to it.
    onSignedOut(() => now.current.at === "in" && setWhere({ at: "out", because: "ended" }));
    const arrive = () => {
      const key = takeManagementKey(window);
      if (key !== null) setWhere({ at: "link", key });
      return key !== null;
    };
    if (!arrive()) void start();
    const onHash = () => void arrive();
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);

  useEffect(() => applyTheme({ theme, cssVars: {}, cssVarsDark: {} }), [theme]);
  useEffect(() => {
    document.documentElement.lang = texts.language;
  }, [texts]);

  const page: Page = {
    api,
    t: texts.t,
    has: texts.has,
    language: texts.language,
    theme,
    setLanguage: (language: Language) => {
      rememberLanguage(language);
      const next = createTexts(language);
      void next.load("account").then(() => setTexts(next));
    },
    setTheme: (chosen: Theme) => {
      rememberTheme(chosen);
      setTheme(chosen);
    },
  };
  const enter = (session: Session) => setWhere({ at: "in", session });

  return (
    <PageContext.Provider value={page}>
      <WordsContext.Provider value={texts.t}>
        {where.at === "starting" && <Starting />}
        {where.at === "stuck" && <Stuck failure={where.failure} onRetry={start} />}
        {where.at === "out" && <SignIn because={where.because} onSignedIn={enter} />}
        {where.at === "link" && (
          <ManagementLink
            linkKey={where.key}
            onSignedIn={enter}
            onOtherwise={() => setWhere({ at: "out", because: "new" })}
          />
        )}
        {where.at === "in" && (
          <SignedIn
            session={where.session}
            onSession={enter}
            onSignedOut={() => setWhere({ at: "out", because: "left" })}
            onErasing={(erasure) => setWhere({ at: "erasing", erasure })}
          />
        )}
        {where.at === "erasing" && <Erasing erasure={where.erasure} />}
        <Announcer />
      </WordsContext.Provider>
    </PageContext.Provider>
  );
}
