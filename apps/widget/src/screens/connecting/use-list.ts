/** Writes several names as the person's language does: "A, B and C". */

import { useConnect } from "../../app/connect.js";

export function useList(): (names: readonly string[]) => string {
  const { language } = useConnect();
  return (names) => new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}
