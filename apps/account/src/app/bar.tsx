/** The bar: whose page this is, where one can go, and on request language, theme and the way out. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon, type IconName } from "@kryptos_connect/ui/components/icon.js";
import { Mark } from "@kryptos_connect/ui/components/mark.js";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Route } from "../contracts.js";
import { Preferences } from "../parts/preferences.js";
import { useTrouble } from "../parts/use-trouble.js";
import { useAccount, usePage } from "./contexts.js";
import { addressOf } from "./route.js";

const PLACES = [
  { name: "apps", icon: "apps" },
  { name: "accounts", icon: "wallet" },
  { name: "data", icon: "person" },
] as const satisfies readonly { readonly name: Route["name"]; readonly icon: IconName }[];

export function Bar() {
  const { t } = usePage();
  const { route } = useAccount();
  return (
    <header class="bar">
      <a class="brand" href={addressOf({ name: "apps" })}>
        <Mark size={40} />
        <span class="brand-texts">
          <span class="brand-name">{t("page.name")}</span>
          <span class="brand-centre">{t("page.centre")}</span>
        </span>
      </a>
      <nav class="nav" aria-label={t("nav.label")}>
        <ul>
          {PLACES.map(({ name, icon }) => (
            <li key={name}>
              <a
                class="nav-link"
                href={addressOf({ name })}
                aria-current={isWithin(route, name) ? "page" : undefined}
              >
                <Icon name={icon} />
                <span>{t(`nav.${name}`)}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Settings />
    </header>
  );
}

const isWithin = (route: Route, name: Route["name"]) =>
  route.name === name || (route.name === "app" && name === "apps");

/** Always open where there is room; behind a button on a phone. */
function Settings() {
  const { t } = usePage();
  const { person, route, signOut } = useAccount();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const trouble = useTrouble();
  const id = useId();

  useEffect(() => setOpen(false), [route]);
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: Event) => {
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !isInside(box.current, event.target))
        setOpen(false);
    };
    addEventListener("keydown", close);
    addEventListener("pointerdown", close);
    return () => {
      removeEventListener("keydown", close);
      removeEventListener("pointerdown", close);
    };
  }, [isOpen]);

  return (
    <div ref={box} class="settings">
      <button
        type="button"
        class="icon-button settings-button"
        aria-label={t("settings.open")}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="settings" />
      </button>
      <section
        id={id}
        class={`settings-panel${isOpen ? " settings-open" : ""}`}
        aria-label={t("settings.title")}
      >
        <p class="who">
          <span class="who-label">{t("settings.signed_in")}</span>
          <span class="who-name">{person.email ?? t("settings.guest")}</span>
        </p>
        <Preferences />
        {trouble.notice}
        <Button class="button-wide" onPress={() => trouble.during(signOut)}>
          {t("settings.sign_out")}
        </Button>
      </section>
    </div>
  );
}

const isInside = (box: Element | null, target: EventTarget | null) =>
  target instanceof Node && (box?.contains(target) ?? false);
