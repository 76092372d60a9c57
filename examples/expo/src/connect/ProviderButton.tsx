/** The first generation: a provider around the app, `onSuccess` and `onError`, `textStyle`. */

import { KryptosConnectButton, KryptosConnectProvider } from "@kryptos_connect/mobile-sdk";

import { createLinkToken } from "../backend";
import { APP } from "./app";
import type { ConnectProps } from "./ways";

export function ProviderButton({ config, theme, label, onDone, onFailed }: ConnectProps) {
  return (
    <KryptosConnectProvider config={{ ...APP, clientId: config.clientId, baseUrl: config.baseUrl, theme }}>
      <KryptosConnectButton
        generateLinkToken={createLinkToken}
        onSuccess={onDone}
        onError={onFailed}
        style={{ borderRadius: 14 }}
        textStyle={{ fontSize: 17 }}
      >
        {label}
      </KryptosConnectButton>
    </KryptosConnectProvider>
  );
}
