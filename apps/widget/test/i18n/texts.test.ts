import { expect, test } from "vitest";
import { createTexts } from "../../src/i18n/texts.js";

test("the first screen's texts are there before anything is fetched", () => {
  const german = createTexts("de", async () => ({}));
  expect(german.t("landing.title", { app: "Ledgerly" })).toBe("Connect your accounts to Ledgerly");
  expect(german.t("continue")).toBe("Continue");
});

test("a part brings the shared texts it needs", async () => {
  const german = createTexts("de");
  await german.load("shell");
  expect(german.t("continue")).toBe("Weiter");
  expect(german.has("scope.email")).toBe(false);
  await german.load("connect");
  expect(german.t("scope.email")).toBe("Ihre E-Mail-Adresse");
  expect(german.has("picker.title")).toBe(true);
});
