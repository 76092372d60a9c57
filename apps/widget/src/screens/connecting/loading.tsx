/** A screen whose list of providers is on its way, or could not be had. */

import { Skeleton } from "@kryptos_connect/ui/components/index.js";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure } from "../../contracts.js";
import { ScreenFrame } from "../../ui/screen-frame.js";
import { TroubleNotice } from "./trouble.js";

interface Props {
  /** Null while it is on its way. */
  readonly failure: ApiFailure | null;
  readonly onRetry: () => void;
}

export function FormLoading({ failure, onRetry }: Props) {
  const { t } = useConnect();
  return (
    <ScreenFrame title={t("form.loading_title")}>
      {failure ? (
        <TroubleNotice failure={failure} onRetry={onRetry} />
      ) : (
        <div aria-busy="true">
          <Skeleton shape="title" />
          <Skeleton shape="button" count={2} />
          <Skeleton shape="line" count={3} />
        </div>
      )}
    </ScreenFrame>
  );
}
