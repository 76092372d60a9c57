/** The widget at work: keeps session and screens together and gives the screens what they need. */

import { Announcer } from "@kryptos_connect/ui/components/announcer.js";
import { ConfirmDialog } from "@kryptos_connect/ui/components/confirm-dialog.js";
import { Component, type ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { asFailure } from "../api/client.js";
import type { Connect, Connection, Session } from "../contracts.js";
import { forgetKey, moveKey, type Opened, rememberKey } from "./boot.js";
import { ConnectProvider } from "./connect.js";
import { Ended } from "./ended.js";
import { needsFreshToken } from "./failures.js";
import { whereNext } from "./flow.js";
import { createReport } from "./reporting.js";
import { prefetchScreens, ShownScreen } from "./screens.js";
import { useAppLogo } from "./use-app-logo.js";
import { useEnding } from "./use-ending.js";
import { useGuards } from "./use-guards.js";
import { useWalk } from "./use-walk.js";

export function App({ opened }: { readonly opened: Opened }) {
  const { host, config, texts, api, providers } = opened;
  const [session, showSession] = useState(opened.session);
  const [connected, setConnected] = useState<readonly Connection[]>([]);
  const [held, setHeld] = useState<"back" | "leave" | null>(null);
  const appLogo = useAppLogo(config.appLogo, api);
  const guards = useGuards();
  const isBound = useRef(opened.isBound);
  const current = useRef(session);

  const setSession = (next: Session) => {
    if (next.session_id !== current.current.session_id) moveKey(current.current, next);
    current.current = next;
    showSession(next);
  };
  opened.onSession = setSession;

  const report = useMemo(() => createReport({ host, api, sessionId: () => current.current.session_id }), []);
  const walk = useWalk(opened.first, {
    mayLeave: guards.isOpen,
    onHeld: setHeld,
    onPastBeginning: () => leave(),
  });
  const { screen } = walk;

  const fail = (thrown: unknown) => {
    const failure = asFailure(thrown);
    if (failure.code === "ABORTED") return;
    report("error", { code: failure.code, ...(failure.requestId && { request_id: failure.requestId }) });
    const problem = { name: "problem", failure } as const;
    if (screen.name === "problem") walk.replace(problem);
    else walk.go(problem);
  };

  const advance = async () => {
    try {
      walk.settle(await whereNext(isBound.current, { session: current.current, config, api, providers }));
    } catch (failure) {
      fail(failure);
    }
  };

  const { hasEnded, finish, exit } = useEnding({
    host,
    api,
    report,
    onFailure: fail,
    onEnd: () => {
      forgetKey(current.current);
      guards.clear();
    },
  });

  const leaveNow = () => {
    if (screen.name === "status") void finish();
    else if (screen.name === "problem") {
      const { code, message, requestId } = screen.failure;
      exit(code, message || code, requestId ?? undefined);
    } else exit("USER_EXIT", "The person closed the widget");
  };

  function leave() {
    if (guards.isOpen()) leaveNow();
    else setHeld("leave");
  }

  const retry = async () => {
    if (screen.name !== "problem") return;
    try {
      if (needsFreshToken(screen.failure)) {
        await api.restart();
        isBound.current = false;
        setSession(await api.session());
        await advance();
      } else {
        setSession(await api.session());
        if (walk.canGoBack) walk.back();
        else await advance();
      }
    } catch (failure) {
      fail(failure);
    }
  };

  const connect: Connect = {
    host,
    api,
    config,
    session,
    appName: session.app.name,
    appLogo,
    t: texts.t,
    has: texts.has,
    language: texts.language,
    providers,
    connected,
    putConnected: (connection) =>
      setConnected((before) => {
        const isKnown = before.some((each) => each.wallet_id === connection.wallet_id);
        if (!isKnown) return [...before, connection];
        return before.map((each) => (each.wallet_id === connection.wallet_id ? connection : each));
      }),
    removeConnected: (walletId) =>
      setConnected((before) => before.filter((each) => each.wallet_id !== walletId)),
    setSession,
    signedIn: async (given) => {
      isBound.current = true;
      if (given.widget_key) rememberKey(current.current, given.widget_key);
      report("signed_in", { guest: given.is_anonymous });
      setSession(await api.session());
      await advance();
    },
    go: (next, options) => (options?.replace ? walk.replace(next) : walk.go(next)),
    back: walk.back,
    canGoBack: walk.canGoBack,
    next: () => void advance(),
    leave,
    exit: (message) => exit("USER_EXIT", message),
    finish,
    guard: guards.guard,
    report,
  };

  useEffect(() => {
    document.title = texts.t("page.title", { app: session.app.name });
    report("opened", { host: host.kind, resumed: session.is_resumed });
    host.usable();
    prefetchScreens(texts, providers);
  }, []);

  useEffect(() => report("screen_shown", { screen: screen.name }), [screen]);

  const latest = useRef({ leave, fail, walk });
  latest.current = { leave, fail, walk };
  useEffect(() => listen(host, latest), []);

  return (
    <ConnectProvider value={connect}>
      <Boundary onFailure={fail}>
        {hasEnded ? (
          <Ended />
        ) : (
          <ShownScreen screen={screen} texts={texts} onRetry={retry} onFailure={fail} />
        )}
      </Boundary>
      <Announcer />
      {held && (
        <ConfirmDialog
          title={texts.t("leave.title")}
          text={texts.t("leave.text")}
          confirm={texts.t("leave.leave")}
          cancel={texts.t("leave.stay")}
          danger
          onCancel={() => setHeld(null)}
          onConfirm={() => {
            guards.clear();
            setHeld(null);
            if (held === "leave") leaveNow();
            else walk.back();
          }}
        />
      )}
    </ConnectProvider>
  );
}

interface Latest {
  readonly current: {
    readonly leave: () => void;
    readonly fail: (thrown: unknown) => void;
    readonly walk: { readonly canGoBack: boolean; back(): void };
  };
}

/** Esc, the host's own back key, and failures that no screen has caught. */
function listen(host: Connect["host"], latest: Latest): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.defaultPrevented) latest.current.leave();
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    latest.current.fail(event.reason);
  };
  const stopBack = host.onBack(() => {
    const { walk, leave } = latest.current;
    if (walk.canGoBack) walk.back();
    else leave();
  });
  addEventListener("keydown", onKey);
  addEventListener("unhandledrejection", onRejection);
  return () => {
    stopBack();
    removeEventListener("keydown", onKey);
    removeEventListener("unhandledrejection", onRejection);
  };
}

interface BoundaryProps {
  readonly children: ComponentChildren;
  readonly onFailure: (thrown: unknown) => void;
}

/** A screen that breaks while it is drawn becomes a problem that is told, not an empty page. */
class Boundary extends Component<BoundaryProps> {
  override componentDidCatch(thrown: unknown) {
    this.props.onFailure(thrown);
  }

  override render() {
    return this.props.children;
  }
}
