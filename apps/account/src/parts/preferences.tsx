/** Language and theme. */

import { LANGUAGES, readLanguage, readTheme } from "@kryptos_connect/ui/i18n/languages.js";
import { useId } from "preact/hooks";
import { usePage } from "../app/contexts.js";
import type { Language } from "../contracts.js";

const THEMES = ["auto", "light", "dark"] as const;

export function Preferences() {
  const { t, language, theme, setLanguage, setTheme } = usePage();
  const id = useId();
  return (
    <div class="preferences">
      <div class="preference">
        <label for={`${id}-language`}>{t("settings.language")}</label>
        <select
          id={`${id}-language`}
          class="input select"
          value={language}
          onChange={(event) => setLanguage(readLanguage(event.currentTarget.value))}
        >
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each}>
              {ownName(each)}
            </option>
          ))}
        </select>
      </div>
      <div class="preference">
        <label for={`${id}-theme`}>{t("settings.theme")}</label>
        <select
          id={`${id}-theme`}
          class="input select"
          value={theme}
          onChange={(event) => setTheme(readTheme(event.currentTarget.value, "auto"))}
        >
          {THEMES.map((each) => (
            <option key={each} value={each}>
              {t(`settings.theme.${each}`)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

/** A language by the name its speakers give it. */
function ownName(language: Language): string {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
