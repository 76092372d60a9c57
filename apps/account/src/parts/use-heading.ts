/** The heading of a view: it has the focus when the view appears, and names the page. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { usePage } from "../app/contexts.js";

export function useHeading(title: string) {
  const { t } = usePage();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus({ preventScroll: true });
    document.documentElement.scrollTop = 0;
  }, []);
  useEffect(() => {
    document.title = t("page.title", { title });
  }, [title]);
  return heading;
}
