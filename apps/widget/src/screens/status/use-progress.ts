/** Follows how connections are read: often while something moves, seldom otherwise, never while nobody looks. */

import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useEffect, useRef, useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";
import type { ApiFailure, Connection } from "../../contracts.js";
import { progressOf } from "./progress.js";

export const FIRST_PAUSE_MS = 1_500;
export const LONGEST_PAUSE_MS = 15_000;
const GROWTH = 1.5;

export interface Following {
  /** Why the newest state could not be had; null if it was. */
  readonly failure: ApiFailure | null;
  /** When the state that is shown was had. */
  readonly seenAt: Date | null;
}

/** Keep `connected` of the context up to date until all of it is read. */
export function useProgress(): Following {
  const connect = useConnect();
  const latest = useRef(connect);
  latest.current = connect;
  const [following, setFollowing] = useState<Following>({ failure: null, seenAt: new Date() });
  const isOpen = connect.connected.some((each) => progressOf(each) !== "done");

  useEffect(() => {
    if (!isOpen) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = FIRST_PAUSE_MS;
    let hasStopped = false;

    const look = async () => {
      const { hasMoved, failure } = await lookAll(latest.current);
      if (hasStopped) return;
      setFollowing((before) => ({ failure, seenAt: failure ? before.seenAt : new Date() }));
      pause = hasMoved ? FIRST_PAUSE_MS : Math.min(pause * GROWTH, LONGEST_PAUSE_MS);
      next();
    };
    const next = (after = pause) => {
      clearTimeout(timer);
      if (document.visibilityState !== "hidden") timer = setTimeout(look, after);
    };
    const onVisibility = () => {
      pause = FIRST_PAUSE_MS;
      next(0);
    };

    next();
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      hasStopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [isOpen]);
  return following;
}

type Context = Pick<ReturnType<typeof useConnect>, "api" | "connected" | "putConnected" | "removeConnected">;

/** Ask about each connection that is not read to its end; one that cannot be asked about spoils no other. */
async function lookAll(
  context: Context,
): Promise<{ readonly hasMoved: boolean; readonly failure: ApiFailure | null }> {
  const open = context.connected.filter((each) => progressOf(each) !== "done");
  const results = await Promise.all(open.map((each) => lookAt(context, each)));
  return {
    hasMoved: results.some((each) => each === true),
    failure: results.find((each) => typeof each !== "boolean") ?? null,
  };
}

/** Whether something has changed; or why nobody can tell. */
async function lookAt(
  { api, putConnected, removeConnected }: Context,
  old: Connection,
): Promise<boolean | ApiFailure> {
  try {
    const fresh = await api.connection(old.wallet_id);
    const hasMoved = JSON.stringify(fresh) !== JSON.stringify(old);
    if (hasMoved) putConnected(fresh);
    return hasMoved;
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code !== "INTEGRATION_NOT_FOUND") return failure;
    removeConnected(old.wallet_id); // taken back elsewhere
    return true;
  }
}
