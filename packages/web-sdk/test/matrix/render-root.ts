/** Rendering as React does since 18. */

import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";

/** Render; returns how to take it away. */
export function mount(element: ReactNode, container: Element): () => void {
  const root = createRoot(container);
  root.render(element);
  return () => root.unmount();
}
