import type { Messages } from "../../src/i18n/texts.js";
import { testTranslations } from "../support/languages.js";

const FILES = import.meta.glob<Messages>("../../src/i18n/messages/*/*.json", {
  import: "default",
  eager: true,
});

testTranslations(FILES);
