/** The later generation's interface (K-105 to K-112), as an app would write it. */

import {
  KryptosConnect,
  KryptosConnectButton,
  KryptosConnectError,
  useKryptosConnect,
} from "@kryptos_connect/web-sdk";

KryptosConnect.init({
  clientId: "your-kryptos-client-id",
  appName: "My DeFi App",
  appLogo: <img src="/logo.svg" alt="" />,
  walletConnectProjectId: "your-walletconnect-project-id",
  theme: "auto",
  language: "fr",
  authMethods: ["email", "anonymous"],
  cssVars: { "--kc-primary": "#00c693", "--kc-primary-text": "#0a0a0a" },
});

async function generateLinkToken() {
  const reply = await fetch("/api/kryptos/create-link-token", { method: "POST" });
  return (await reply.json()) as { link_token: string; isAuthorized?: boolean };
}

export function Connect() {
  return (
    <KryptosConnectButton
      generateLinkToken={generateLinkToken}
      onConnectSuccess={(data) => {
        if (data) fetch("/api/kryptos/exchange-token", { method: "POST", body: data.public_token });
      }}
      onConnectError={(error: Error) => {
        if (error instanceof KryptosConnectError && error.code === "USER_EXIT") return;
        throw error;
      }}
      onEvent={(event) => void event.name.length}
      size="lg"
      integrationName="ethereum"
      extraConfig={{
        prefill: { address: "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa", accountName: "Savings" },
      }}
      className="mine"
      style={{ marginTop: 8 }}
    >
      Connect
    </KryptosConnectButton>
  );
}

export function Own() {
  const { open, ready, isOpen } = useKryptosConnect({ generateLinkToken: async () => "link_abc123xyz789" });
  return (
    <button type="button" onClick={open} disabled={!ready || isOpen}>
      Connect
    </button>
  );
}
