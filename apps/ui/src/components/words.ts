/** The words that components say by themselves, in the language of the page around them. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { SharedKey } from "../i18n/shared.js";

export type Words = (key: SharedKey, values?: Readonly<Record<string, string | number>>) => string;

export const WordsContext = createContext<Words | null>(null);

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === null) throw new Error("Components need a <WordsContext.Provider> around them");
  return words;
}
