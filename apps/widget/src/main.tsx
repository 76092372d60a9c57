/** Starts the widget: finds out who opened this page, and how. */

import "@kryptos_connect/ui/theme/tokens.css";
import "@kryptos_connect/ui/theme/base.css";
import "./ui/page.css";
import "./ui/frame.css";
import "@kryptos_connect/ui/components/controls.css";
import "@kryptos_connect/ui/components/pieces.css";
import "./screens/shell.css";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { readLanguage } from "@kryptos_connect/ui/i18n/languages.js";
import { currentTheme } from "@kryptos_connect/ui/theme/apply.js";
import { render } from "preact";
import { Boot } from "./app/boot-screen.js";
import type { Host } from "./contracts.js";
import type { AppWindow } from "./host/app.js";
import { keepFocus } from "./host/focus.js";
import { openFrame } from "./host/frame.js";
import { hostedSession, openPage } from "./host/page.js";

function openHost(): Host | Promise<Host> {
  const otherwise = { theme: currentTheme(), language: readLanguage(document.documentElement.lang) };
  const sessionId = hostedSession(location.pathname);
  if (sessionId !== null) return openPage(window, sessionId, otherwise);
  if (location.pathname === "/connect/app")
    return import("./host/app.js").then(({ openApp }) => openApp(window as AppWindow, otherwise));
  const origin = new URLSearchParams(location.search).get("origin");
  if (window.parent === window || origin === null) throw new ApiError({ code: "NOT_OPENED_BY_AN_APP" });
  keepFocus(window);
  return openFrame(window, origin, otherwise);
}

const root = document.getElementById("app");
if (root) render(<Boot openHost={openHost} />, root);
