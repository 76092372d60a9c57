/** The consent centre's texts. */

import type { Language } from "@kryptos_connect/connect-core";
import { COMMON_ENGLISH, readShared, type SharedKey } from "@kryptos_connect/ui/i18n/shared.js";
import * as ui from "@kryptos_connect/ui/i18n/texts.js";
import english from "./messages/en/account.json";

type Own = typeof import("./messages/en/account.json");

/** Every text there is. */
export type MessageKey = SharedKey | Exclude<keyof Own, "default">;

export type Texts = ui.Texts<MessageKey, "account">;

const FILES = import.meta.glob<ui.Messages>(["./messages/*/*.json", "!./messages/en/*.json"], {
  import: "default",
});

export function createTexts(language: Language): Texts {
  return ui.createTexts(language, { ...COMMON_ENGLISH, ...english }, readMessages);
}

async function readMessages(language: Language): Promise<ui.Messages> {
  const own =
    language === "en" ? () => Promise.resolve(english) : FILES[`./messages/${language}/account.json`];
  const parts = await Promise.all([
    readShared(language, "common"),
    readShared(language, "scopes"),
    own?.().catch(() => ({})) ?? {},
  ]);
  return Object.assign({}, ...parts) as ui.Messages;
}
