/** What a host may ask for, read strictly: whatever has not the documented form is left out. */

import { readLanguage, readTheme } from "@kryptos_connect/ui/i18n/languages.js";
import type { AuthMethod, Config, Language, Prefill, Theme } from "../contracts.js";

const METHODS: readonly string[] = ["email", "anonymous"] satisfies AuthMethod[];
const PREFILLED = ["address", "apiKey", "secretKey", "password", "accountName"] as const;

/** `otherwise`: what the page's own address said. */
export function readConfig(
  given: Readonly<Record<string, unknown>>,
  otherwise: { readonly theme: Theme; readonly language: Language },
): Config {
  const methods = Array.isArray(given["authMethods"])
    ? given["authMethods"].filter((each): each is AuthMethod => METHODS.includes(each as string))
    : [];
  return {
    appName: text(given["appName"]),
    appLogo: readLogo(given["appLogo"]),
    theme: readTheme(given["theme"], otherwise.theme),
    language: readLanguage(given["language"], otherwise.language),
    authMethods: methods.length > 0 ? methods : null,
    cssVars: texts(given["cssVars"]),
    cssVarsDark: texts(given["cssVarsDark"]),
    integrationName: text(given["integrationName"]),
    prefill: readPrefill(given["prefill"]),
    walletConnectProjectId: text(given["walletConnectProjectId"]),
  };
}

function text(given: unknown): string | null {
  return typeof given === "string" && given.trim() !== "" ? given.trim() : null;
}

function texts(given: unknown): Readonly<Record<string, string>> {
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === "string"));
}

function readLogo(given: unknown): string | null {
  const address = text(given);
  if (address === null) return null;
  return /^https:\/\//i.test(address) || /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(address)
    ? address
    : null;
}

function readPrefill(given: unknown): Prefill {
  const values = texts(given);
  return Object.fromEntries(
    PREFILLED.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
  );
}
