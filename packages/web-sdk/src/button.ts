"use client";

/** The button that opens the widget. */

import {
  type ButtonHTMLAttributes,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
} from "react";
import { dressButton } from "./look.js";
import { ConfigContext } from "./provider.js";
import { adoptSettings, initialSettings, writtenSettings } from "./settings.js";
import { type KryptosConnectOptions, useOpening } from "./use-kryptos-connect.js";

/** Anything else that a `<button>` takes is handed on to it. */
export interface KryptosConnectButtonProps
  extends KryptosConnectOptions,
    Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof KryptosConnectOptions | "onClick" | "type"> {
  /** Default "Connect to Kryptos". */
  readonly children?: ReactNode;
  /** Default `"md"`. */
  readonly size?: "sm" | "md" | "lg" | undefined;
}

const OPTIONS: readonly (keyof KryptosConnectOptions)[] = [
  "generateLinkToken",
  "onConnectSuccess",
  "onConnectError",
  "onSuccess",
  "onError",
  "onEvent",
  "integrationName",
  "extraConfig",
  "baseUrl",
];

export function KryptosConnectButton(props: KryptosConnectButtonProps): ReactElement {
  const { children = "Connect to Kryptos", size = "md", className = "", ...rest } = props;
  const attributes: { [name in keyof typeof rest]?: unknown } = rest;
  for (const name of OPTIONS) delete attributes[name];

  const button = useRef<HTMLButtonElement>(null);
  const config = useContext(ConfigContext);
  const { open } = useOpening(props, button);
  const settings = config ?? initialSettings();
  const logo = settings?.appLogo;

  useEffect(() => {
    const element = button.current;
    if (!element) return undefined;
    adoptSettings(element.getAttribute("data-kc-init"));
    return dressButton(element, config ?? initialSettings());
  });

  return createElement(
    "button",
    {
      ...attributes,
      ref: button,
      type: "button",
      className: `kc-button kc-button-${size} kc-button-${config ? "provider" : "init"} ${className}`,
      "data-kc-theme": settings?.theme === "dark" ? "dark" : "light",
      "data-kc-init": config ? undefined : writtenSettings(),
      // What the server wrote may differ: a browser in which `init` is not called knows no settings at first.
      suppressHydrationWarning: true,
      onClick: open,
    },
    children,
    logo && typeof logo !== "string" && createElement("span", { hidden: true, "data-kc-logo": "" }, logo),
  );
}
