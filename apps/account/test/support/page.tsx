/** A page whose every call a test can replace, and a way to render a view in it. */

import { WordsContext } from "@kryptos_connect/ui/components/words.js";
import { render } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { vi } from "vitest";
import { AccountContext, PageContext } from "../../src/app/contexts.js";
import type { Account, Api, Page, Session } from "../../src/contracts.js";
import { createTexts } from "../../src/i18n/texts.js";

export const TEXTS = createTexts("en");
await TEXTS.load("account");

export const GUEST: Session = {
  person: { id: "user_1", email: null, is_guest: true, language: "en", created_at: "2030-01-01T00:00:00Z" },
  csrf_token: "csrf_1",
};
export const PERSON: Session = {
  ...GUEST,
  person: { ...GUEST.person, id: "user_2", email: "anna@example.com", is_guest: false },
};

/** Replace some calls; any other call of the API fails the test. */
export function fakeApi(calls: Partial<Api> = {}): Api {
  return new Proxy(calls as Api, {
    get: (target, name: keyof Api) =>
      target[name] ??
      (() => {
        throw new Error(`the test did not expect a call of ${name}`);
      }),
  });
}

export function fakePage(api: Partial<Api> = {}): Page {
  const { t, has, language } = TEXTS;
  return { api: fakeApi(api), t, has, language, theme: "auto", setLanguage: vi.fn(), setTheme: vi.fn() };
}

export function fakeAccount(given: Partial<Account> = {}): Account {
  return {
    person: PERSON.person,
    route: { name: "apps" },
    go: vi.fn(),
    goOnAs: vi.fn(),
    signOut: vi.fn(async () => undefined),
    erasing: vi.fn(),
    ...given,
  };
}

export function renderIn(view: ComponentChild, api: Partial<Api> = {}, account: Partial<Account> = {}) {
  const given = fakeAccount(account);
  const shown = render(
    <PageContext.Provider value={fakePage(api)}>
      <WordsContext.Provider value={TEXTS.t}>
        <AccountContext.Provider value={given}>{view}</AccountContext.Provider>
      </WordsContext.Provider>
    </PageContext.Provider>,
  );
  return { ...shown, account: given };
}
