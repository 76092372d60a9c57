"use client";

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
import { ensureStylesheet } from "./look.js";
import { type Opening, openWidget } from "./opening.js";
import { ConfigContext } from "./provider.js";
import { initialSettings } from "./settings.js";

/** What your backend exchanges for an access token. */
export interface UserConsent {
  public_token: string;
}

export interface KryptosConnectOptions {
  /** Makes a link token on your backend; called when the widget opens, and again when the token runs out. */
  readonly generateLinkToken?: GenerateLinkToken | undefined;
  /** The person is done; null for a returning person. */
  readonly onConnectSuccess?: ((userConsent: UserConsent | null) => void) | undefined;
  /** It failed, or the person left (`code` is `USER_EXIT`). The error is a `KryptosConnectError`. */
  readonly onConnectError?: ((error: Error) => void) | undefined;
  /** The earlier name of `onConnectSuccess`, which is preferred where both are given. */
  readonly onSuccess?: ((userConsent: UserConsent | null) => void) | undefined;
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
  /** Open the widget; call it in a click. */
  readonly open: () => void;
  /** Whether it can be opened yet: false on the server and until the page is alive. */
  readonly ready: boolean;
  readonly isOpen: boolean;
}

export function useKryptosConnect(options: KryptosConnectOptions): KryptosConnectHandle {
  return useOpening(options);
}

const NO_BUTTON = { current: null };

/** The same, for a button of ours. */
export function useOpening(
  options: KryptosConnectOptions,
  button: { readonly current: HTMLElement | null } = NO_BUTTON,
): KryptosConnectHandle {
  const config = useContext(ConfigContext);
  const latest = useRef({ config, options });
  const opening = useRef<Opening | null>(null);
  const isMounted = useRef(false);
  const [ready, setReady] = useState(false);
  const [isOpen, setIsOpen] = useState(false);

  useEffect(() => {
    latest.current = { config, options };
  });

  useEffect(() => {
    isMounted.current = true;
    ensureStylesheet();
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
      settings: {
        ...initialSettings(),
        ...now.config,
        ...(now.options.baseUrl && { baseUrl: now.options.baseUrl }),
      },
      opener: button.current,
      integrationName: now.options.integrationName,
      prefill: now.options.extraConfig?.prefill,
      generateLinkToken: () => latest.current.options.generateLinkToken?.(),
      onEvent: (event) => latest.current.options.onEvent?.(event),
      onToggle: (isNowOpen) => {
        if (isMounted.current) setIsOpen(isNowOpen);
      },
      onOutcome: (outcome) => tell(outcome, latest.current.options),
    });
  }, [button]);

  return { open, ready, isOpen };
}

function tell(outcome: Outcome, options: KryptosConnectOptions): void {
  noteEarlierNames(options);
  const { onConnectSuccess = options.onSuccess, onConnectError = options.onError } = options;
  if (outcome instanceof KryptosConnectError) onConnectError?.(outcome);
  else onConnectSuccess?.(outcome.publicToken === null ? null : { public_token: outcome.publicToken });
}
