/** Says something to screen readers without moving the focus. */

import { useEffect, useState } from "preact/hooks";

const listeners = new Set<(text: string) => void>();

/** Have a text read out once the person's screen reader is free. */
export function announce(text: string): void {
  for (const listener of listeners) listener(text);
}

/** The live region; one per page, there before anything is announced. */
export function Announcer() {
  const [said, setSaid] = useState({ text: "", turn: 0 });
  useEffect(() => {
    const listener = (text: string) => setSaid(({ turn }) => ({ text, turn: turn + 1 }));
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  // A repeated text is read again only when the node changes: an invisible mark alternates.
  const mark = said.turn % 2 === 1 ? "\u200b" : "";
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {said.text === "" ? "" : said.text + mark}
    </div>
  );
}
