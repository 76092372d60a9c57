/** This product's own mark. */

export function Mark({ size = 40 }: { readonly size?: 24 | 40 | 56 }) {
  return (
    <span class={`logo mark logo-${size}`} aria-hidden="true">
      <svg viewBox="0 0 40 40" aria-hidden="true" focusable="false">
        <path d="M13 10v20M27 10.5L14 20l13 9.5" />
        <circle cx="28.5" cy="20" r="2.2" />
      </svg>
    </span>
  );
}
