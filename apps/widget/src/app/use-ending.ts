/** Ends the widget once, in success or without it, however often and from wherever it is asked to. */

import { useRef, useState } from "preact/hooks";
import type { Api, Host } from "../contracts.js";

interface Given {
  readonly host: Host;
  readonly api: Api;
  readonly report: (name: string, details?: Readonly<Record<string, unknown>>) => void;
  readonly onFailure: (thrown: unknown) => void;
  /** Called just before the host is told. */
  readonly onEnd: () => void;
}

export interface Ending {
  readonly hasEnded: boolean;
  finish(): Promise<void>;
  exit(code: string, message: string, requestId?: string): void;
}

export function useEnding({ host, api, report, onFailure, onEnd }: Given): Ending {
  const [hasEnded, setEnded] = useState(false);
  const ending = useRef<Promise<void> | null>(null);

  const end = (tell: () => void) => {
    onEnd();
    setEnded(true);
    tell();
  };

  const complete = async () => {
    const { public_token } = await api.complete();
    report("completed");
    end(() => host.succeed(public_token));
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
      api.exit().catch(() => undefined);
      end(() => host.exit(code, message, requestId));
    },
  };
}
