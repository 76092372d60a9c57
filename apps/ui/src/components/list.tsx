/** Rows to choose from: picture, title, one line below it, and something at the end. */

import type { ComponentChildren } from "preact";

interface ListProps {
  readonly children: ComponentChildren;
  readonly label?: string;
}

/** A plain list; for one that the arrow keys walk, give the rows `role="option"` and an id each. */
export function List({ children, label }: ListProps) {
  return (
    // A list without bullets is no list to VoiceOver unless it says so.
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <ul class="list" role="list" aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  readonly title: ComponentChildren;
  readonly subtitle?: ComponentChildren;
  readonly picture?: ComponentChildren;
  readonly trailing?: ComponentChildren;
  /** Makes the whole row a button. */
  readonly onPress?: () => void;
  readonly disabled?: boolean;
  /** As an option of a listbox: `id`, whether it is the active one, whether it is chosen. */
  readonly option?: { readonly id: string; readonly isActive: boolean; readonly isSelected?: boolean };
}

export function Row({ title, subtitle, picture, trailing, onPress, disabled = false, option }: RowProps) {
  const inside = (
    <>
      {picture}
      <span class="row-texts">
        <span class="row-title">{title}</span>
        {subtitle && <span class="row-subtitle">{subtitle}</span>}
      </span>
      {trailing && <span class="row-trailing">{trailing}</span>}
    </>
  );
  if (option) {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox owns the keyboard (aria-activedescendant)
      <div
        id={option.id}
        class={`row row-pressable${option.isActive ? " row-active" : ""}`}
        role="option"
        tabIndex={-1}
        aria-selected={option.isSelected ?? option.isActive}
        aria-disabled={disabled || undefined}
        onClick={disabled ? undefined : onPress}
      >
        {inside}
      </div>
    );
  }
  return (
    <li>
      {onPress ? (
        <button type="button" class="row row-pressable" disabled={disabled} onClick={onPress}>
          {inside}
        </button>
      ) : (
        <div class={`row${disabled ? " row-disabled" : ""}`}>{inside}</div>
      )}
    </li>
  );
}
