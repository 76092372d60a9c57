"use client";

import { KryptosConnectButton } from "@kryptos_connect/web-sdk";
import { useState } from "react";

import { createLinkToken, exchangeToken } from "./backend";
import { Holdings } from "./Holdings";

export function Portfolio() {
  const [problem, setProblem] = useState<string | null>(null);
  const [visit, setVisit] = useState(0);
  return (
    <>
      {problem && <p role="alert">{problem}</p>}
      <KryptosConnectButton
        generateLinkToken={createLinkToken}
        onSuccess={async (userConsent) => {
          // Null means a returning person: the access token that the backend holds stays the one.
          if (userConsent) await exchangeToken(userConsent.public_token);
          setVisit((count) => count + 1);
        }}
        onError={(error) => setProblem(error.message)}
      >
        Connect to Kryptos
      </KryptosConnectButton>
      <Holdings key={visit} />
    </>
  );
}
