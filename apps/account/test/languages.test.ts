import type { Messages } from "@kryptos_connect/ui/i18n/texts.js";
import { testTranslations } from "../../ui/test/support/languages.js";

const FILES = import.meta.glob<Messages>("../src/i18n/messages/*/*.json", {
  import: "default",
  eager: true,
});

testTranslations(FILES, ["Apps", "Chains", "Kryptos Connect"]);
