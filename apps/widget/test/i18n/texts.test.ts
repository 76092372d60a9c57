import { describe, expect, test } from "vitest";
import { createTexts, formatDate, type Messages } from "../../src/i18n/texts.js";

const POLISH: Messages = {
  "code.wrong": { one: "{count} próba", few: "{count} próby", many: "{count} prób", other: "{count} próby" },
  "landing.title": "Połącz konta z {app}",
};

const polish = createTexts("pl", async (language) => (language === "pl" ? POLISH : {}));
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
    expect(polish.t("landing.title", { app: "Ledgerly" })).toBe("Połącz konta z Ledgerly");
    expect(createTexts("de").t("code.resend_in", { count: 12345 })).toBe("New code in 12.345 seconds");
  });

  test("fall back to English where a translation is missing or cannot be fetched", async () => {
    expect(polish.t("continue")).toBe("Continue");
    const swedish = createTexts("sv", async () => ({}));
    await swedish.load("connect");
    expect(swedish.t("close")).toBe("Close");
  });

  test("a value that looks like a hole is not filled again", () => {
    expect(polish.t("landing.title", { app: "{count}" })).toBe("Połącz konta z {count}");
  });

  test("dates are written out", () => {
    expect(formatDate("en", "2041-11-25T12:00:00Z")).toBe("November 25, 2041");
  });
});
