/** The search field over the list: a combobox whose options are always shown. */

import { Icon } from "@kryptos_connect/ui/components/index.js";
import type { RefObject } from "preact";
import { useConnect } from "../../app/connect.js";

interface Props {
  readonly field: RefObject<HTMLInputElement>;
  readonly query: string;
  readonly listId: string;
  readonly activeId: string | undefined;
  readonly hasList: boolean;
  readonly onQuery: (query: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The longest extended key has 111 signs; a recovery phrase of 24 words up to 215. */
const LONGEST = 300;

export function SearchBox({ field, query, listId, activeId, hasList, onQuery, onKeyDown }: Props) {
  const { t } = useConnect();
  const clear = () => {
    onQuery("");
    field.current?.focus();
  };
  return (
    <div class="picker-search">
      <Icon name="search" />
      <input
        ref={field}
        class="input"
        type="text"
        inputMode="search"
        enterkeyhint="go"
        role="combobox"
        aria-label={t("picker.search")}
        aria-autocomplete="list"
        aria-expanded={hasList}
        aria-controls={listId}
        aria-activedescendant={activeId}
        placeholder={t("picker.search")}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellcheck={false}
        maxLength={LONGEST}
        value={query}
        onInput={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          // The first Esc empties the field; the next one is the widget's.
          if (event.key === "Escape" && query !== "") {
            event.preventDefault();
            event.stopPropagation();
            clear();
          } else onKeyDown(event);
        }}
      />
      {query !== "" && (
        <button type="button" class="icon-button" aria-label={t("picker.clear")} onClick={clear}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
