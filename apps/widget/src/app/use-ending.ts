/** Ends the widget once, in success or without it, however often and from wherever it is asked to. */

import { sleep } from "@kryptos_connect/ui/http/retry.js";
import { useRef, useState } from "preact/hooks";
import type { Api, Host } from "../contracts.js";
import { closing } from "./closing.js";

interface Given {
  readonly host: Host;
  readonly api: Api;
  readonly report: (name: string, details?: Readonly<Record<string, unknown>>) => void;
  readonly onFailure: (thrown: unknown) => void;
  /** Called just before the host is told. */
  readonly onEnd: () => void;
}

/** How long a page stays for the server to hear that the person left. */
const HEARD_WITHIN_MS = 2000;

export interface Ending {
  readonly hasEnded: boolean;
  finish(): Promise<void>;
  exit(code: string, message: string, requestId?: string): void;
}

export function useEnding({ host, api, report, onFailure, onEnd }: Given): Ending {
  const [hasEnded, setEnded] = useState(false);
  const ending = useRef<Promise<void> | null>(null);

  const end = async (tell: () => void) => {
    onEnd();
    setEnded(true);
    if (closing.size > 0) await Promise.all([...closing].map((say) => say()));
    tell();
  };

  const complete = async () => {
    const { public_token } = await api.complete();
    report("completed");
    await end(() => host.succeed(public_token));
  };

  return {
    hasEnded,
    finish: () => {
      ending.current ??= complete().catch((failure: unknown) => {
        ending.current = null;
        onFailure(failure);
      });
      return ending.current;
    },
    exit: (code, message, requestId) => {
      if (ending.current) return;
      ending.current = Promise.resolve();
      report("exited", { code });
      // Best effort: a session that nobody closes ends by itself.
      const heard = api.exit().catch(() => undefined);
      const tell = () => host.exit(code, message, requestId);
      // A page leads away: the app that it leads to asks the server what came of it.
      void end(
        host.kind === "page" ? () => void Promise.race([heard, sleep(HEARD_WITHIN_MS)]).then(tell) : tell,
      );
    },
  };
}
