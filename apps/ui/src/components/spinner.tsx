/** Says that something is under way; it turns unless the person asked for less motion. */

export function Spinner({ label }: { readonly label: string }) {
  return <span class="spinner" role="img" aria-label={label} />;
}
