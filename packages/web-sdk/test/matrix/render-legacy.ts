/** Rendering as React 16 and 17 do. */

import type { ReactNode } from "react";
import * as ReactDom from "react-dom";

interface Legacy {
  render(element: ReactNode, container: Element): void;
  unmountComponentAtNode(container: Element): void;
}

/** Render; returns how to take it away. */
export function mount(element: ReactNode, container: Element): () => void {
  const legacy = ReactDom as unknown as Legacy;
  legacy.render(element, container);
  return () => legacy.unmountComponentAtNode(container);
}
