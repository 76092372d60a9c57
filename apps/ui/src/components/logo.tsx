/** A picture of somebody, or their first letter where there is none or it does not load. */

import { useState } from "preact/hooks";

interface Props {
  readonly src: string | null;
  readonly name: string;
  /** Width and height in CSS pixels. */
  readonly size?: 24 | 32 | 40 | 56;
}

export function Logo({ src, name, size = 40 }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const letter = [...name.trim()][0]?.toLocaleUpperCase() ?? "?";
  // The name always stands beside the picture, so neither is read out.
  return (
    <span class={`logo logo-${size}`} aria-hidden="true">
      {src && src !== broken ? (
        <img src={src} alt="" width={size} height={size} decoding="async" onError={() => setBroken(src)} />
      ) : (
        <span class="logo-letter">{letter}</span>
      )}
    </span>
  );
}
