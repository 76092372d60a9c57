/** Stands where a screen will be in a moment, in its shape. */

import { Skeleton } from "@kryptos_connect/ui/components/skeleton.js";
import { TopBar } from "../ui/top-bar.js";
import { useConnect } from "./connect.js";

export function LoadingScreen() {
  const { t } = useConnect();
  return (
    <div class="screen" aria-busy="true">
      <TopBar />
      <main class="screen-main">
        <div class="screen-body">
          <div class="screen-content">
            <span class="visually-hidden">{t("loading")}</span>
            <Skeleton shape="title" />
            <Skeleton shape="line" />
            <Skeleton shape="row" count={5} />
          </div>
        </div>
      </main>
    </div>
  );
}
