/** The later generation's interface (K-135, K-136), as an app would write it. */

import {
  type ConnectEvent,
  KryptosConnect,
  KryptosConnectButton,
  KryptosConnectError,
  KryptosConnectModal,
  KryptosConnectProvider,
  type UserConsent,
  useKryptosConnect,
} from "@kryptos_connect/mobile-sdk";
import { useState } from "react";
import { Text } from "react-native";

const LOGO: number = 1; // what `require("./logo.png")` gives

KryptosConnect.init({
  clientId: "your-kryptos-client-id",
  appName: "My Mobile App",
  appLogo: "https://yourapp.com/logo.png",
  walletConnectProjectId: "your-walletconnect-project-id",
  theme: "auto",
  language: "fr",
  authMethods: ["email", "anonymous"],
  cssVars: { "--kc-primary": "#00c693", "--kc-primary-text": "#0a0a0a" },
  baseUrl: "https://connect.example",
  openIn: "browser",
  returnUrl: "myapp://kryptos",
  openBrowser: async (url, returnUrl) => `${url}${returnUrl}`,
});

async function generateLinkToken() {
  const reply = await fetch("https://your-api.com/create-link-token", { method: "POST" });
  return (await reply.json()) as { link_token: string; isAuthorized?: boolean; hosted_url?: string };
}

export function Connect() {
  return (
    <KryptosConnectButton
      generateLinkToken={generateLinkToken}
      onConnectSuccess={(data) => {
        if (data) fetch("https://your-api.com/exchange-token", { method: "POST", body: data.public_token });
      }}
      onConnectError={(error: Error) => {
        if (error instanceof KryptosConnectError && error.code === "USER_EXIT") return;
        throw error;
      }}
      onEvent={(event: ConnectEvent) => void event.name.length}
      integrationName="ethereum"
      extraConfig={{
        prefill: { address: "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa", accountName: "Savings" },
      }}
      buttonLabel="Connect"
      buttonHeight={56}
      style={{ backgroundColor: "#8b5cf6", marginTop: 8 }}
      textStyle={{ fontWeight: "bold" }}
      accessibilityHint="Opens Kryptos Connect"
      disabled={false}
    />
  );
}

export function Own() {
  const { open, ready, isOpen } = useKryptosConnect({ generateLinkToken: async () => "link_abc123xyz789" });
  return (
    <Text onPress={open} disabled={!ready || isOpen}>
      Connect
    </Text>
  );
}

export function Sheet() {
  const [open, setOpen] = useState(false);
  // Written before it was known that null may come: accepted, as the first generation's table of props says.
  const onSuccess = (userConsent: UserConsent) => void userConsent.public_token;
  return (
    <KryptosConnectProvider config={{ appName: "My App", clientId: "client_1", appLogo: LOGO }}>
      <KryptosConnectProvider
        config={{ appName: "My App", clientId: "client_1", appLogo: { uri: "https://a.example" } }}
      >
        <KryptosConnectProvider
          config={{ appName: "My App", clientId: "client_1", appLogo: <Text>Logo</Text> }}
        >
          <KryptosConnectModal
            open={open}
            setOpen={setOpen}
            onSuccess={onSuccess}
            onError={() => setOpen(false)}
          />
        </KryptosConnectProvider>
      </KryptosConnectProvider>
    </KryptosConnectProvider>
  );
}
