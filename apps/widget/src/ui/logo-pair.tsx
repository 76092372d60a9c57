/** The app's picture and ours, linked. */

import { useConnect } from "../app/connect.js";
import { Icon } from "./icon.js";
import { Logo } from "./logo.js";
import { Mark } from "./mark.js";

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
