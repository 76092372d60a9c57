"use client";

/** The provider: what an app says of itself, for all buttons inside. */

import { createContext, createElement, type ReactElement, type ReactNode } from "react";
import type { KryptosConnectConfig } from "./settings.js";

export interface KryptosConnectProviderProps {
  readonly config: KryptosConnectConfig;
  readonly children?: ReactNode;
}

export const ConfigContext = createContext<KryptosConnectConfig | null>(null);

export function KryptosConnectProvider({ config, children }: KryptosConnectProviderProps): ReactElement {
  return createElement(ConfigContext.Provider, { value: config }, children);
}
