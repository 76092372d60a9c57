/** The later generation: `init` instead of a provider, `onConnectSuccess` and `onConnectError`, `buttonLabel`. */

import { KryptosConnect, KryptosConnectButton } from "@kryptos_connect/mobile-sdk";

import { createLinkToken } from "../backend";
import { APP } from "./app";
import type { ConnectProps } from "./ways";

export function InitButton({ config, theme, label, onDone, onFailed }: ConnectProps) {
  // May be called as often as one likes, the last call counts; most apps call it once, beside their first component.
  KryptosConnect.init({ ...APP, clientId: config.clientId, baseUrl: config.baseUrl, theme });
  return (
    <KryptosConnectButton
      generateLinkToken={createLinkToken}
      onConnectSuccess={onDone}
      onConnectError={onFailed}
      buttonLabel={label}
      buttonHeight={52}
      extraConfig={{ prefill: { accountName: "My wallet" } }}
      style={{ borderRadius: 14 }}
    />
  );
}
