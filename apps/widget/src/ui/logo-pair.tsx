/** The app's picture and ours, linked. */

import { Icon } from "@kryptos_connect/ui/components/icon.js";
import { Logo } from "@kryptos_connect/ui/components/logo.js";
import { Mark } from "@kryptos_connect/ui/components/mark.js";
import { useConnect } from "../app/connect.js";

export function LogoPair({ size }: { readonly size: 24 | 56 }) {
  const { appLogo, appName } = useConnect();
  return (
    <span class={`logo-pair logo-pair-${size}`}>
      <Logo src={appLogo} name={appName} size={size} />
      <Icon name="link" />
      <Mark size={size} />
    </span>
  );
}
