/** Everything is being erased, live; at the end the proof, for as long as this page is open. */

import { announce } from "@kryptos_connect/ui/components/announcer.js";
import { Button } from "@kryptos_connect/ui/components/button.js";
import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { Notice } from "@kryptos_connect/ui/components/notice.js";
import { Spinner } from "@kryptos_connect/ui/components/spinner.js";
import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useEffect, useState } from "preact/hooks";
import { saveJson } from "../api/download.js";
import { usePage } from "../app/contexts.js";
import type { ApiFailure, ErasureKey, ErasureState } from "../contracts.js";
import { Alone } from "../parts/alone.js";
import { useTell } from "../parts/use-trouble.js";

const PAUSE_MS = 1_500;

export function Erasing({ erasure }: { readonly erasure: ErasureKey }) {
  const { t } = usePage();
  const { state, failure } = useErasure(erasure);
  useEffect(() => history.replaceState(history.state, "", location.pathname + location.search), []);
  const rows = Object.values(state?.counts ?? {}).reduce((sum, each) => sum + each, 0);

  if (state?.state === "done" && state.proof !== null)
    return (
      <Alone key="done" title={t("erased.title")} lead={t("erased.lead", { count: rows })}>
        <Proof proof={state.proof} erasure={erasure} />
      </Alone>
    );
  return (
    <Alone key="erasing" title={t("erasing.title")} lead={t("erasing.lead")}>
      <p class="erasing">
        <Spinner label={t("working")} />
        <span>{t(state?.state === "erasing" ? "erasing.erasing" : "erasing.waiting")}</span>
      </p>
      {rows > 0 && <p class="quiet">{t("erasing.rows", { count: rows })}</p>}
      {failure && <NotSeen failure={failure} />}
    </Alone>
  );
}

interface ProofProps {
  readonly proof: Readonly<Record<string, unknown>>;
  readonly erasure: ErasureKey;
}

function Proof({ proof, erasure }: ProofProps) {
  const { t } = usePage();
  const [isSaved, setSaved] = useState(false);
  return (
    <>
      <p class="quiet">{t("erased.proof_text")}</p>
      {isSaved && <Notice tone="success" title={t("erased.saved")} />}
      <Button
        kind="primary"
        onPress={() => {
          saveJson(`kryptos-erasure-proof-${erasure.erasure_id}.json`, proof);
          setSaved(true);
          announce(t("erased.saved"));
        }}
      >
        <Icon name="download" />
        {t("erased.proof")}
      </Button>
    </>
  );
}

/** It is asked again by itself. */
function NotSeen({ failure }: { readonly failure: ApiFailure }) {
  const { title, text } = useTell()(failure);
  return (
    <Notice tone="warning" title={title}>
      {text}
    </Notice>
  );
}

/** Ask until it is done. */
function useErasure(erasure: ErasureKey) {
  const { api } = usePage();
  const [state, setState] = useState<ErasureState | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hasStopped = false;
    const look = async () => {
      let isDone = false;
      try {
        const fresh = await api.erasure(erasure);
        isDone = fresh.state === "done";
        if (hasStopped) return;
        setState(fresh);
        setFailure(null);
      } catch (thrown) {
        if (!hasStopped) setFailure(asFailure(thrown));
      }
      if (!isDone && !hasStopped) timer = setTimeout(look, PAUSE_MS);
    };
    void look();
    return () => {
      hasStopped = true;
      clearTimeout(timer);
    };
  }, []);
  return { state, failure };
}
