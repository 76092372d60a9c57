/** The page of somebody who is signed in: bar, navigation, and the view that the address names. */

import { asFailure } from "@kryptos_connect/ui/http/errors.js";
import { useEffect, useState } from "preact/hooks";
import type { Account, ErasureKey, Route, Session } from "../contracts.js";
import { Accounts } from "../views/accounts.js";
import { AppDetail } from "../views/app-detail.js";
import { Apps } from "../views/apps.js";
import { Data } from "../views/data.js";
import { Bar } from "./bar.js";
import { AccountContext, usePage } from "./contexts.js";
import { addressOf, readRoute } from "./route.js";

interface Props {
  readonly session: Session;
  readonly onSession: (session: Session) => void;
  readonly onSignedOut: () => void;
  readonly onErasing: (erasure: ErasureKey) => void;
}

export function SignedIn({ session, onSession, onSignedOut, onErasing }: Props) {
  const { api } = usePage();
  const [route, setRoute] = useState<Route>(() => readRoute(location.hash));

  useEffect(() => {
    const onHash = () => setRoute(readRoute(location.hash));
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);

  const account: Account = {
    person: session.person,
    route,
    go: (next) => {
      location.hash = addressOf(next);
    },
    goOnAs: onSession,
    signOut: async () => {
      try {
        await api.signOut();
      } catch (thrown) {
        // Somebody without a session is signed out; anything else must be told.
        if (asFailure(thrown).code !== "NOT_SIGNED_IN") throw thrown;
      }
      onSignedOut();
    },
    erasing: onErasing,
  };
  return (
    <AccountContext.Provider value={account}>
      <div class="page">
        <Bar />
        <main class="page-main">
          <Shown key={addressOf(route)} route={route} />
        </main>
      </div>
    </AccountContext.Provider>
  );
}

function Shown({ route }: { readonly route: Route }) {
  switch (route.name) {
    case "apps":
      return <Apps />;
    case "app":
      return <AppDetail grantId={route.grantId} />;
    case "accounts":
      return <Accounts />;
    case "data":
      return <Data />;
  }
}
