/** The page: connect accounts, see what is in them, disconnect. */

import { KryptosConnectButton, KryptosConnectProvider } from "@kryptos_connect/web-sdk";
import { useMemo, useState } from "react";

import { AccountList } from "./AccountList.js";
import { type Config, createLinkToken, disconnect, exchangeToken, type Portfolio } from "./backend.js";
import { isExit, sayFailure } from "./failure.js";
import { HoldingsTable } from "./HoldingsTable.js";
import icon from "./icon.svg?inline";
import { Total } from "./Total.js";
import { usePortfolio } from "./usePortfolio.js";
import { type Theme, useTheme } from "./useTheme.js";

export function App({ config }: { readonly config: Config }) {
  const [theme, switchTheme] = useTheme();
  const connectConfig = useMemo(
    () => ({ appName: "Demo app", appLogo: icon, clientId: config.clientId, baseUrl: config.baseUrl, theme }),
    [config, theme],
  );
  return (
    <KryptosConnectProvider config={connectConfig}>
      <Page theme={theme} switchTheme={switchTheme} />
    </KryptosConnectProvider>
  );
}

function Page({ theme, switchTheme }: { readonly theme: Theme; readonly switchTheme: () => void }) {
  const { portfolio, failure, refresh } = usePortfolio();
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (work: () => Promise<unknown>) => {
    setProblem(null);
    await work().catch((error: unknown) => setProblem(sayFailure(error)));
    refresh();
  };
  const connect = <Connect attempt={attempt} fail={setProblem} isMore={portfolio?.isConnected === true} />;
  const said = problem ?? failure;

  return (
    <>
      <header className="bar">
        <span className="brand">
          <img src={icon} alt="" width="28" height="28" /> Demo app
        </span>
        <button type="button" className="quiet" onClick={switchTheme}>
          {theme === "light" ? "Dark theme" : "Light theme"}
        </button>
      </header>
      <main className="page">
        {said && (
          <p className="notice error" role="alert">
            {said}
          </p>
        )}
        {portfolio?.isConnected === false && (
          <Welcome isRevoked={portfolio.isRevoked === true}>{connect}</Welcome>
        )}
        {portfolio?.isConnected === true && (
          <Connected portfolio={portfolio} disconnect={() => attempt(disconnect)}>
            {connect}
          </Connected>
        )}
      </main>
    </>
  );
}

interface ConnectProps {
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
  readonly fail: (problem: string) => void;
  readonly isMore: boolean;
}

function Connect({ attempt, fail, isMore }: ConnectProps) {
  return (
    <KryptosConnectButton
      generateLinkToken={createLinkToken}
      onSuccess={(userConsent) =>
        // Null means a returning person: the access token that the backend holds stays the one.
        attempt(async () => userConsent && (await exchangeToken(userConsent.public_token)))
      }
      onError={(error) => {
        if (!isExit(error)) fail(error.message);
      }}
    >
      {isMore ? "Connect another account" : "Connect your accounts"}
    </KryptosConnectButton>
  );
}

function Welcome({
  isRevoked,
  children,
}: {
  readonly isRevoked: boolean;
  readonly children: React.ReactNode;
}) {
  return (
    <section className="welcome">
      {isRevoked && <p className="notice">Access was taken back. Connect again to see your portfolio.</p>}
      <h1>All your crypto in one place</h1>
      <p>Connect a wallet or a public address. This app may look, and can never move anything.</p>
      {children}
    </section>
  );
}

interface ConnectedProps {
  readonly portfolio: Portfolio;
  readonly disconnect: () => void;
  readonly children: React.ReactNode;
}

function Connected({ portfolio, disconnect, children }: ConnectedProps) {
  return (
    <>
      <section className="head">
        <Total portfolio={portfolio} />
        <div className="actions">
          {children}
          <button type="button" className="quiet" onClick={disconnect}>
            Disconnect
          </button>
        </div>
      </section>
      <HoldingsTable portfolio={portfolio} />
      <AccountList portfolio={portfolio} />
    </>
  );
}
