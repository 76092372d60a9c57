/** The widget's texts. */

import type { Language } from "@kryptos_connect/connect-core";
import { COMMON_ENGLISH, readShared, type SharedKey } from "@kryptos_connect/ui/i18n/shared.js";
import * as ui from "@kryptos_connect/ui/i18n/texts.js";
import english from "./messages/en/shell.json";

type Shell = typeof import("./messages/en/shell.json");
type Connecting = typeof import("./messages/en/connect.json");

/** Every text there is. */
export type MessageKey = SharedKey | Exclude<keyof Shell | keyof Connecting, "default">;

/** `shell`: signing in, consent, problems. `connect`: everything after that. */
export type Part = "shell" | "connect";

export type Texts = ui.Texts<MessageKey, Part>;

const FILES = import.meta.glob<ui.Messages>(["./messages/*/*.json", "!./messages/en/shell.json"], {
  import: "default",
});

export function createTexts(language: Language, read: ui.ReadMessages<Part> = readMessages): Texts {
  return ui.createTexts(language, { ...COMMON_ENGLISH, ...english }, read);
}

async function readMessages(language: Language, part: Part): Promise<ui.Messages> {
  const parts = [readShared(language, part === "shell" ? "common" : "scopes"), readOwn(language, part)];
  return Object.assign({}, ...(await Promise.all(parts))) as ui.Messages;
}

async function readOwn(language: Language, part: Part): Promise<ui.Messages> {
  if (language === "en" && part === "shell") return english;
  const file = FILES[`./messages/${language}/${part}.json`];
  return file ? file().catch(() => ({})) : {};
}
