/**
 * Texts that several pages show: `common` words and those of mailed codes; `scopes` in plain words, with links that lead to
 * the consent centre.
 */

import english from "./messages/en/common.json";
import type { Messages } from "./texts.js";

type Common = typeof import("./messages/en/common.json");
type Scopes = typeof import("./messages/en/scopes.json");

export type SharedKey = Exclude<keyof Common | keyof Scopes, "default">;
export type SharedPart = "common" | "scopes";

const FILES = import.meta.glob<Messages>(["./messages/*/*.json", "!./messages/en/common.json"], {
  import: "default",
});

/** There from the start, whatever the language. */
export const COMMON_ENGLISH: Messages = english;

export async function readShared(language: string, part: SharedPart): Promise<Messages> {
  if (language === "en" && part === "common") return COMMON_ENGLISH;
  const file = FILES[`./messages/${language}/${part}.json`];
  return file ? file().catch(() => ({})) : {};
}
