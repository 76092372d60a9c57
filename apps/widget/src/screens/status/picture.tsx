/** The picture above the overview: rings around a sign that tells how things stand. It decorates the heading. */

import type { Progress } from "./progress.js";

const SIGNS: Readonly<Record<Progress | "none", string>> = {
  done: "M36 49l8.5 8.5L61 40",
  reading: "M36 48h.01M48 48h.01M60 48h.01",
  partial: "M36 49l8.5 8.5L61 40",
  failed: "M48 37v14M48 59v.01",
  none: "M38 48h20M48 38v20",
};

export function StatusPicture({ state }: { readonly state: Progress | "none" }) {
  return (
    <svg
      class={`status-picture status-picture-${state}`}
      viewBox="0 0 96 96"
      aria-hidden="true"
      focusable="false"
    >
      <circle class="ring-far" cx="48" cy="48" r="46" />
      <circle class="ring-near" cx="48" cy="48" r="36" />
      <circle class="ring-core" cx="48" cy="48" r="26" />
      <path d={SIGNS[state]} />
    </svg>
  );
}
