/** Starts the widget: finds out who opened this page, and how. */

import "./theme/tokens.css";
import "./theme/base.css";
import "./ui/frame.css";
import "./ui/controls.css";
import "./ui/pieces.css";
import "./screens/shell.css";
import { render } from "preact";
import { ApiError } from "./api/errors.js";
import { Boot } from "./app/boot-screen.js";
import type { Host } from "./contracts.js";
import { readLanguage } from "./host/config.js";
import { keepFocus } from "./host/focus.js";
import { openFrame } from "./host/frame.js";
import { hostedSession, openPage } from "./host/page.js";
import { currentTheme } from "./theme/apply.js";

function openHost(): Host {
  const otherwise = { theme: currentTheme(), language: readLanguage(document.documentElement.lang) };
  const sessionId = hostedSession(location.pathname);
  if (sessionId !== null) return openPage(window, sessionId, otherwise);
  const origin = new URLSearchParams(location.search).get("origin");
  if (window.parent === window || origin === null) throw new ApiError({ code: "NOT_OPENED_BY_AN_APP" });
  keepFocus(window);
  return openFrame(window, origin, otherwise);
}

const root = document.getElementById("app");
if (root) render(<Boot openHost={openHost} />, root);
