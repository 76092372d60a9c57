/** Keeps the place of the person's focus while the page around the frame has it for a moment. */

/** Where a frame gets the focus back, browsers give it to the document: give it to what had it. */
export function keepFocus(framed: Window): void {
  let last: HTMLElement | null = null;
  framed.addEventListener("focusin", ({ target }) => {
    last = target as HTMLElement;
  });
  framed.addEventListener("focus", () => {
    const { activeElement, body } = framed.document;
    if (activeElement === body) last?.focus({ preventScroll: true });
  });
}
