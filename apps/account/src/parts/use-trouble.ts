/** Failures in the person's language, and steps that tell theirs beside the form. */

import { type Trouble, useTrouble as useTroubleOf } from "@kryptos_connect/ui/components/use-trouble.js";
import { failureTexts } from "@kryptos_connect/ui/i18n/failure-texts.js";
import { usePage } from "../app/contexts.js";
import type { ApiFailure } from "../contracts.js";

export function useTell(): (failure: ApiFailure) => { readonly title: string; readonly text: string } {
  const { t, has } = usePage();
  return (failure) => failureTexts(failure, { t, has, app: t("page.name") });
}

export function useTrouble(): Trouble {
  return useTroubleOf(useTell());
}
