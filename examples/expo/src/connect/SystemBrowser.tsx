/** The system's browser instead of a WebView: the app could not look into it even if it wanted to. */

import { KryptosConnectButton, KryptosConnectProvider } from "@kryptos_connect/mobile-sdk";

import { Platform } from "react-native";

import { createHostedLinkToken, createLinkToken } from "../backend";
import { RETURN_URL } from "../settings";
import { APP } from "./app";
import type { ConnectProps } from "./ways";

/** In a browser there is no other browser to go to: there the widget opens in a frame. */
const generateLinkToken = () =>
  Platform.OS === "web" ? createLinkToken() : createHostedLinkToken(RETURN_URL);

export function SystemBrowser({ config, theme, label, onDone, onFailed }: ConnectProps) {
  return (
    <KryptosConnectProvider
      config={{
        ...APP,
        clientId: config.clientId,
        baseUrl: config.baseUrl,
        theme,
        openIn: "browser",
        returnUrl: RETURN_URL,
      }}
    >
      <KryptosConnectButton
        generateLinkToken={generateLinkToken}
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
