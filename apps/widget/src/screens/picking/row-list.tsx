/** The listbox of the picker: sections of options, of which the search field names the active one. */

import { shortAddress } from "@kryptos_connect/ui/i18n/short-address.js";
import { useConnect } from "../../app/connect.js";
import type { Connection } from "../../contracts.js";
import { Option } from "./option.js";
import type { PickerRow, Section } from "./rows.js";

export const LIST_ID = "picker-list";

export function rowId(row: PickerRow | undefined): string | undefined {
  return row && `picker-${row.key}`;
}

interface Props {
  /** Those drawn; of all together there are `count`. */
  readonly sections: readonly Section[];
  readonly count: number;
  readonly active: PickerRow | undefined;
  /** The test account that is being connected. */
  readonly running: string | null;
  readonly used: readonly Connection[];
  readonly onChoose: (row: PickerRow) => void;
}

export function RowList({ sections, count, active, running, used, onChoose }: Props) {
  const { t } = useConnect();
  let position = 0;
  return (
    <div id={LIST_ID} class="picker-list" role="listbox" aria-label={t("picker.title")}>
      {sections.map((section) => (
        // biome-ignore lint/a11y/useSemanticElements: a listbox may hold groups, but no fieldsets
        <div key={section.id} role="group" aria-label={t(`picker.section.${section.id}`)}>
          <div class="picker-section" aria-hidden="true">
            {t(`picker.section.${section.id}`)}
          </div>
          {section.rows.map((row) => {
            position += 1;
            return (
              <Option
                key={row.key}
                row={row}
                id={rowId(row) ?? ""}
                isActive={row === active}
                position={position}
                count={count}
                isBusy={row.kind === "test" && row.account.persona === running}
                used={accountsOf(row, used)}
                onChoose={() => onChoose(row)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** What was connected before through a row's provider. */
function accountsOf(row: PickerRow, used: readonly Connection[]): readonly string[] {
  if (row.kind !== "provider") return [];
  return used
    .filter((each) => each.provider === row.provider.id)
    .map((each) => each.alias ?? shortAddress(each.address ?? ""));
}
