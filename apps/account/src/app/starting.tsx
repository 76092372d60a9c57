/** Before it is known who is here: the page's shape, or why it could not be found out. */

import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { Skeleton } from "@kryptos_connect/ui/components/skeleton.js";
import type { ApiFailure } from "../contracts.js";
import { Alone } from "../parts/alone.js";
import { useTell } from "../parts/use-trouble.js";
import { usePage } from "./contexts.js";

export function Starting() {
  const { t } = usePage();
  return (
    <div class="alone" aria-busy="true">
      <main class="alone-card">
        <h1 class="visually-hidden">{t("loading")}</h1>
        <Skeleton shape="title" />
        <Skeleton shape="line" count={2} />
        <Skeleton shape="button" count={2} />
      </main>
    </div>
  );
}

interface StuckProps {
  readonly failure: ApiFailure;
  readonly onRetry: () => Promise<void>;
}

export function Stuck({ failure, onRetry }: StuckProps) {
  const { t } = usePage();
  const { title, text } = useTell()(failure);
  return (
    <Alone title={title}>
      <Notice tone="error" action={{ label: t("retry"), onPress: onRetry }}>
        {text}
      </Notice>
    </Alone>
  );
}
