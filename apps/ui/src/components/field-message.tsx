/** What is wrong with a field, read out when it appears. */

import { Icon } from "./icon.js";

export function FieldMessage({ id, error }: { readonly id: string; readonly error: string | null }) {
  return (
    <div id={id} class="field-error" role="alert">
      {error && (
        <>
          <Icon name="error" />
          <span>{error}</span>
        </>
      )}
    </div>
  );
}
