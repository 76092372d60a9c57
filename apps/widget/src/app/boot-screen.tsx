/** Shows the first screen's shape until there is a session, and says what is wrong when there will be none. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type ApiClient, asFailure } from "../api/client.js";
import type { ApiFailure, Host } from "../contracts.js";
import { App } from "./app.js";
import { connectApi, type Opened, type Prepared, prepare, readSession, remembered } from "./boot.js";
import { needsFreshToken } from "./failures.js";
import { FirstShape } from "./first-shape.js";
import { whereNext } from "./flow.js";
import { Stuck } from "./stuck.js";

type OpenHost = () => Host | Promise<Host>;

/** How far opening has come: a second try goes on from there. */
interface Reached {
  host?: Host;
  prepared?: Prepared;
  api?: ApiClient;
  onSession?: Opened["onSession"];
}

async function open(reached: Reached, failed: ApiFailure | null, openHost: OpenHost): Promise<Opened> {
  reached.host ??= await openHost();
  const { host } = reached;
  reached.prepared ??= await prepare(host);
  const { prepared } = reached;
  if (reached.api && failed && needsFreshToken(failed)) await reached.api.restart();
  reached.api ??= await connectApi(host, prepared.config.language, failed !== null, (session) =>
    reached.onSession?.(session),
  );
  const read = await readSession(host, reached.api);
  const { api } = reached;
  const providers = remembered(() => api.providers());
  const first = await whereNext(read.isBound, { ...read, config: prepared.config, api, providers });
  const opened: Opened = { host, ...prepared, api, ...read, providers, first, onSession: () => undefined };
  reached.onSession = (session) => opened.onSession(session);
  return opened;
}

export function Boot({ openHost }: { readonly openHost: OpenHost }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const reached = useRef<Reached>({}).current;

  const start = (failed: ApiFailure | null) =>
    open(reached, failed, openHost).then(setOpened, (thrown: unknown) => setFailure(asFailure(thrown)));

  // Not after the first paint: a frame that is not shown yet may wait long for one.
  useLayoutEffect(() => void start(null), []);

  if (opened) return <App opened={opened} />;
  if (failure) {
    const { host = null, prepared = null } = reached;
    return <Stuck failure={failure} host={host} prepared={prepared} onRetry={() => start(failure)} />;
  }
  return <FirstShape />;
}
