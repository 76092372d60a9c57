"use client";

import { KryptosConnectButton } from "@kryptos_connect/web-sdk";
import { useState } from "react";

import { createLinkToken, exchangeToken } from "../../backend";

export function ConnectWithoutProvider() {
  const [said, setSaid] = useState("");
  return (
    <>
      <KryptosConnectButton
        size="lg"
        generateLinkToken={createLinkToken}
        onConnectSuccess={async (userConsent) => {
          if (userConsent) await exchangeToken(userConsent.public_token);
          setSaid("Connected.");
        }}
        onConnectError={(error) => setSaid(error.message)}
      >
        Connect to Kryptos
      </KryptosConnectButton>
      <p role="status">{said}</p>
    </>
  );
}
