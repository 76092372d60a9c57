/** Light or dark: the system's choice first, then what the person switched to. */

import { useEffect, useState } from "react";

export type Theme = "light" | "dark";

export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(() =>
    matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
  );
  useEffect(() => {
    document.documentElement.setAttribute("data-kc-theme", theme);
  }, [theme]);
  return [theme, () => setTheme((now) => (now === "light" ? "dark" : "light"))];
}
