/** Starts the consent centre. */

import "@kryptos_connect/ui/theme/tokens.css";
import "@kryptos_connect/ui/theme/base.css";
import "@kryptos_connect/ui/components/controls.css";
import "@kryptos_connect/ui/components/pieces.css";
import "@kryptos_connect/ui/components/forms.css";
import "./page.css";
import "./parts/parts.css";
import { render } from "preact";
import { createApi } from "./api/client.js";
import { App } from "./app/app.js";
import { preferredLanguage, preferredTheme } from "./app/preferences.js";
import { createTexts } from "./i18n/texts.js";

const root = document.getElementById("app");
const theme = preferredTheme();
document.documentElement.dataset["kcTheme"] = theme;

async function start(into: HTMLElement): Promise<void> {
  let signedOut: () => void = () => undefined;
  const api = createApi({ onSignedOut: () => signedOut() });
  const texts = createTexts(preferredLanguage());
  await texts.load("account");
  const onSignedOut = (listener: () => void) => {
    signedOut = listener;
  };
  render(<App api={api} onSignedOut={onSignedOut} texts={texts} theme={theme} />, into);
}

if (root) void start(root);
