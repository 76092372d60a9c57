/** The moments of an opening, as the pages themselves see them. */

/** The click, the dialog drawn, the first screen's control drawn and enabled; in milliseconds since 1970. */
export type Mark = "click" | "dialog" | "usable";

declare global {
  interface Window {
    tellBench(mark: Mark, at: number): void;
  }
}

/** Runs in every document before its own scripts; it must not refer to anything outside itself. */
export function watch(control: string): void {
  if (location.protocol === "about:") return; // a frame before it is led to its address

  const told = (mark: Mark) => window.tellBench(mark, performance.timeOrigin + performance.now());

  function isShown(element: Element | null): boolean {
    return (
      element?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) === true &&
      !element.matches(":disabled, [aria-disabled=true]")
    );
  }

  /** Look before each frame is drawn; tell when the first one that shows it has been. */
  function look(selector: string, mark: Mark): void {
    if (!isShown(document.querySelector(selector))) {
      requestAnimationFrame(() => look(selector, mark));
      return;
    }
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => told(mark);
    drawn.port2.postMessage(null);
  }

  if (window.parent !== window) {
    requestAnimationFrame(() => look(control, "usable"));
    return;
  }
  addEventListener(
    "click",
    ({ timeStamp }) => {
      window.tellBench("click", performance.timeOrigin + timeStamp);
      requestAnimationFrame(() => look("dialog[open]", "dialog"));
    },
    { capture: true, once: true },
  );
}
