import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  preferredLanguage,
  preferredTheme,
  rememberLanguage,
  rememberTheme,
} from "../../src/app/preferences.js";
import { addressOf, readRoute, takeManagementKey } from "../../src/app/route.js";
import type { Route } from "../../src/contracts.js";

const ROUTES: readonly Route[] = [
  { name: "apps" },
  { name: "app", grantId: "grant_1/ä" },
  { name: "accounts" },
  { name: "data" },
];

test.each(ROUTES)("%o has an address that leads back to it", (route) => {
  expect(readRoute(addressOf(route))).toEqual(route);
});

test.each(["", "#", "#/nowhere", "#manage=key"])("%s leads to the overview", (hash) => {
  expect(readRoute(hash)).toEqual({ name: "apps" });
});

describe("the key of a management link", () => {
  const bar = (hash: string) => ({
    location: { hash, pathname: "/account", search: "?x=1" },
    history: { replaceState: vi.fn(), state: null },
  });

  test("is taken out of the address at once", () => {
    const window = bar("#manage=k3y_-");
    expect(takeManagementKey(window)).toBe("k3y_-");
    expect(window.history.replaceState).toHaveBeenCalledExactlyOnceWith(null, "", "/account?x=1");
  });

  test("is there only where there is one", () => {
    const window = bar("#/apps");
    expect(takeManagementKey(window)).toBeNull();
    expect(window.history.replaceState).not.toHaveBeenCalled();
  });

  test("that is no encoding of anything is taken as it is", () => {
    expect(takeManagementKey(bar("#manage=%E0%A4%A"))).toBe("%E0%A4%A");
  });
});

describe("preferences", () => {
  beforeEach(() => localStorage.clear());

  test("are what the browser asks for until somebody chooses", () => {
    expect([preferredLanguage("pt"), preferredLanguage("tlh"), preferredLanguage("")]).toEqual([
      "pt",
      "en",
      "en",
    ]);
    expect(preferredTheme()).toBe("auto");
    rememberLanguage("sv");
    rememberTheme("dark");
    expect([preferredLanguage("de"), preferredTheme()]).toEqual(["sv", "dark"]);
  });

  test("hold without a storage as well", () => {
    const refused = vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new DOMException("denied", "SecurityError");
    });
    expect(preferredLanguage("it")).toBe("it");
    refused.mockRestore();
  });
});
