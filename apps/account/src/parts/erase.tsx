/** Erases everything: said exactly, proven by a mailed code where there is an address, confirmed by a typed word. */

import { Button } from "@kryptos_connect/ui/components/button.js";
import { CODE_LENGTH, CodeField } from "@kryptos_connect/ui/components/code-field.js";
import { TextField } from "@kryptos_connect/ui/components/text-field.js";
import { useOnce } from "@kryptos_connect/ui/components/use-once.js";
import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAccount, usePage } from "../app/contexts.js";
import { useTrouble } from "./use-trouble.js";

export function Erase() {
  const { t, api } = usePage();
  const [begun, begin] = useState<{ readonly challenge: string | null } | null>(null);
  const trouble = useTrouble();
  if (begun !== null) return <Confirmation challenge={begun.challenge} onCancel={() => begin(null)} />;
  return (
    <>
      {trouble.notice}
      <Button kind="danger" onPress={() => trouble.during(async () => begin(await api.startErasure()))}>
        {t("erase.start")}
      </Button>
    </>
  );
}

interface Props {
  /** Null where nobody was mailed. */
  readonly challenge: string | null;
  readonly onCancel: () => void;
}

function Confirmation({ challenge, onCancel }: Props) {
  const { t, api } = usePage();
  const { person, erasing } = useAccount();
  const [code, setCode] = useState("");
  const [word, setWord] = useState("");
  const [wrong, setWrong] = useState<{ readonly code?: string; readonly word?: string }>({});
  const trouble = useTrouble();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);

  const submit = async () => {
    const found = {
      ...(challenge !== null && code.length < CODE_LENGTH && { code: t("code.short") }),
      ...(!isWord(word, t("erase.word")) && { word: t("erase.word_wrong", { word: t("erase.word") }) }),
    };
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    await trouble.during(async () => {
      try {
        erasing(await api.erase(challenge === null ? null : { challenge, code }));
      } catch (failure) {
        if (!(failure instanceof ApiError && failure.code === "CODE_INVALID")) throw failure;
        setCode("");
        setWrong({ code: t("problem.CODE_INVALID.title") });
      }
    });
  };
  const [isRunning, run] = useOnce(submit);

  return (
    <form
      class="form"
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <h3 ref={heading} tabIndex={-1}>
        {t("erase.what")}
      </h3>
      <ul class="confirm-list">
        <li>{t("erase.ends")}</li>
        <li>{t("erase.deletes")}</li>
        <li>{t("erase.copied")}</li>
        <li>{t("erase.shared")}</li>
        <li>{t("erase.proof")}</li>
        <li>
          <strong>{t("erase.export_first")}</strong>
        </li>
      </ul>
      {trouble.notice}
      {challenge !== null && (
        <>
          <p>{t("erase.code_lead", { email: person.email ?? "" })}</p>
          <CodeField label={t("code.label")} value={code} error={wrong.code ?? null} onInput={setCode} />
        </>
      )}
      <TextField
        label={t("erase.word_label", { word: t("erase.word") })}
        value={word}
        error={wrong.word ?? null}
        onInput={setWord}
      />
      <div class="action">
        <Button kind="danger" type="submit" busy={isRunning}>
          {t("erase.confirm")}
        </Button>
        <Button onPress={onCancel}>{t("erase.cancel")}</Button>
      </div>
    </form>
  );
}

const isWord = (typed: string, wanted: string) => typed.trim().toLowerCase() === wanted.toLowerCase();
