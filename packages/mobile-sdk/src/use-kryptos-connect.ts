/** The hook that opens the widget: exactly one terminal callback for each opening, always the newest callbacks. */

import {
  type ConnectEvent,
  type GenerateLinkToken,
  KryptosConnectError,
  type Outcome,
  type Prefill,
} from "@kryptos_connect/connect-core";
import { useCallback, useContext, useEffect, useRef, useState } from "react";
import { noteEarlierNames } from "./earlier-names.js";
import { type Opening, openWidget } from "./opening/opening.js";
import { ConfigContext, type Show, ShowContext } from "./provider.js";
import { initialSettings } from "./settings.js";

/** What your backend exchanges for an access token. */
export interface UserConsent {
  public_token: string;
}

/** A function that takes only `UserConsent` is accepted too: the first mobile SDK's documentation writes it so. */
type OnSuccess = { listen(userConsent: UserConsent | null): void }["listen"];

export interface KryptosConnectOptions {
  /** Makes a link token on your backend; called when the widget opens, and again when the token runs out. */
  readonly generateLinkToken?: GenerateLinkToken | undefined;
  /** The person is done; null for a returning person. */
  readonly onConnectSuccess?: OnSuccess | undefined;
  /** It failed, or the person left (`code` is `USER_EXIT`). The error is a `KryptosConnectError`. */
  readonly onConnectError?: ((error: Error) => void) | undefined;
  /** The earlier name of `onConnectSuccess`, which is preferred where both are given. */
  readonly onSuccess?: OnSuccess | undefined;
  /** The earlier name of `onConnectError`, which is preferred where both are given. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** What happens in the widget, step by step; never a token, an address or a secret. */
  readonly onEvent?: ((event: ConnectEvent) => void) | undefined;
  /** Id of a provider: skips the list. */
  readonly integrationName?: string | undefined;
  /** What the form starts out with. */
  readonly extraConfig?: { readonly prefill?: Prefill | undefined } | undefined;
  /** The Connect server, for this opening alone. */
  readonly baseUrl?: string | undefined;
}

export interface KryptosConnectHandle {
  /** Open the widget. */
  readonly open: () => void;
  /** Whether it can be opened: mounted, and inside a provider, which draws the widget. */
  readonly ready: boolean;
  readonly isOpen: boolean;
}

export function useKryptosConnect(options: KryptosConnectOptions): KryptosConnectHandle {
  const show = useContext(ShowContext);
  const { open, ready, isOpen } = useOpening(options, { show, isOwn: false });
  return { open, ready: ready && show !== null, isOpen };
}

/** Who draws the sheet. */
interface Drawing {
  readonly show: Show | null;
  /** Whether it is the opening component, which takes the sheet along when it goes. */
  readonly isOwn: boolean;
  /** The sheet is gone, or never came. */
  readonly onGone?: () => void;
}

/** The same, for any component; `close` is the app's wish. */
export function useOpening(
  options: KryptosConnectOptions,
  drawing: Drawing,
): KryptosConnectHandle & { readonly close: () => void } {
  const config = useContext(ConfigContext);
  const latest = useRef({ config, options, drawing });
  const opening = useRef<Opening | null>(null);
  const isMounted = useRef(false);
  const [ready, setReady] = useState(false);
  const [isOpen, setIsOpen] = useState(false);

  useEffect(() => {
    latest.current = { config, options, drawing };
  });

  useEffect(() => {
    isMounted.current = true;
    setReady(true);
    return () => {
      isMounted.current = false;
      opening.current?.unmount();
    };
  }, []);

  const open = useCallback(() => {
    const now = latest.current;
    opening.current = openWidget({
      owner: latest,
      isFirstGeneration: Boolean(now.config),
      isShown: now.drawing.show !== null,
      settings: {
        ...initialSettings(),
        ...now.config,
        ...(now.options.baseUrl && { baseUrl: now.options.baseUrl }),
      },
      integrationName: now.options.integrationName,
      prefill: now.options.extraConfig?.prefill,
      generateLinkToken: () => latest.current.options.generateLinkToken?.(),
      onEvent: (event) => latest.current.options.onEvent?.(event),
      onToggle: (opened) => {
        const { show, isOwn, onGone } = latest.current.drawing;
        if (isMounted.current || !isOwn) show?.(opened);
        if (!isMounted.current) return;
        setIsOpen(opened !== null);
        if (!opened) onGone?.();
      },
      onOutcome: (outcome) => tell(outcome, latest.current.options),
    });
    if (!opening.current) now.drawing.onGone?.();
  }, []);

  const close = useCallback(() => opening.current?.close(), []);

  return { open, close, ready, isOpen };
}

function tell(outcome: Outcome, options: KryptosConnectOptions): void {
  noteEarlierNames(options);
  const { onConnectSuccess = options.onSuccess, onConnectError = options.onError } = options;
  if (outcome instanceof KryptosConnectError) onConnectError?.(outcome);
  else onConnectSuccess?.(outcome.publicToken === null ? null : { public_token: outcome.publicToken });
}
