import { describe, expect, test } from "vitest";
import { formatDate } from "../../src/i18n/formats.js";
import { readLanguage, readTheme } from "../../src/i18n/languages.js";
import { readShared } from "../../src/i18n/shared.js";
import { createTexts, type Messages } from "../../src/i18n/texts.js";

type Key = "code.wrong" | "title" | "continue" | "close" | "resend_in";

const ENGLISH: Messages = {
  continue: "Continue",
  close: "Close",
  resend_in: { one: "New code in {count} second", other: "New code in {count} seconds" },
};
const POLISH: Messages = {
  "code.wrong": { one: "{count} próba", few: "{count} próby", many: "{count} prób", other: "{count} próby" },
  title: "Połącz konta z {app}",
};

const polish = createTexts<Key, "shell">("pl", ENGLISH, async (language) =>
  language === "pl" ? POLISH : ({} as Messages),
);
await polish.load("shell");

describe("texts", () => {
  test.each([
    [1, "1 próba"],
    [3, "3 próby"],
    [5, "5 prób"],
  ])("have the plural of their language for %i", (count, text) => {
    expect(polish.t("code.wrong", { count })).toBe(text);
  });

  test("are filled, with numbers as the language writes them", () => {
    const german = createTexts<Key, never>("de", ENGLISH, async () => ({}));
    expect(polish.t("title", { app: "Ledgerly" })).toBe("Połącz konta z Ledgerly");
    expect(german.t("resend_in", { count: 12345 })).toBe("New code in 12.345 seconds");
  });

  test("fall back to English where a translation is missing or cannot be fetched", async () => {
    expect(polish.t("continue")).toBe("Continue");
    const swedish = createTexts<Key, "connect">("sv", ENGLISH, async () => ({}));
    await swedish.load("connect");
    expect(swedish.t("close")).toBe("Close");
  });

  test("a value that looks like a hole is not filled again", () => {
    expect(polish.t("title", { app: "{count}" })).toBe("Połącz konta z {count}");
  });

  test("dates are written out", () => {
    expect(formatDate("en", "2041-11-25T12:00:00Z")).toBe("November 25, 2041");
  });
});

test("the shared texts are there in each language, and nothing in one there is not", async () => {
  expect((await readShared("en", "common"))["continue"]).toBe("Continue");
  expect((await readShared("de", "scopes"))["scope.email"]).toBe("Ihre E-Mail-Adresse");
  expect(await readShared("tlh", "common")).toEqual({});
});

test("a language and a theme are read from what is given, or stay as they were", () => {
  expect([readLanguage("pt-BR"), readLanguage("tlh"), readLanguage(null, "sv")]).toEqual(["pt", "en", "sv"]);
  expect([readTheme("dark", "auto"), readTheme("pink", "auto")]).toEqual(["dark", "auto"]);
});
