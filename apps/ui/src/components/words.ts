/** The few words that components say by themselves, in the language of the page around them. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

export type Words = (
  key: "working" | "show_field" | "hide_field",
  values?: Readonly<Record<string, string>>,
) => string;

export const WordsContext = createContext<Words | null>(null);

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === null) throw new Error("Components need a <WordsContext.Provider> around them");
  return words;
}
