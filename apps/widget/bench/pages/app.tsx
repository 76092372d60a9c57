/** An app's page with the SDK, as an app would write it. */

import "../../../../packages/web-sdk/src/styles/index.css";

import { KryptosConnectButton, KryptosConnectProvider } from "@kryptos_connect/web-sdk";
import { createRoot } from "react-dom/client";

const given = JSON.parse(document.querySelector<HTMLMetaElement>("meta[name=kryptos]")?.content ?? "{}");

async function generateLinkToken() {
  const reply = await fetch("/link-token", { method: "POST" });
  if (!reply.ok) throw new Error(`POST /link-token answered ${reply.status}`);
  return reply.json();
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <KryptosConnectProvider config={{ appName: "An app", ...given }}>
      <KryptosConnectButton generateLinkToken={generateLinkToken}>Connect</KryptosConnectButton>
    </KryptosConnectProvider>,
  );
}
