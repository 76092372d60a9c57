/** Connects an account and leads on to watching how it is read. */

import { useConnect } from "../../app/connect.js";
import type { Connect, Connection, NewConnection } from "../../contracts.js";

/** Return how to connect an account and go on to the overview; throws what the API throws. */
export function useConnecting(): (account: NewConnection) => Promise<void> {
  const connect = useConnect();
  return async (account) => {
    noteConnected(connect, await connect.api.connect(account));
    connect.go({ name: "status" }, { replace: true });
  };
}

/** Return how to show a connection that was there before; throws what the API throws. */
export function useOpening(): (walletId: string) => Promise<void> {
  const { api, putConnected, go } = useConnect();
  return async (walletId) => {
    putConnected(await api.connection(walletId));
    go({ name: "status" }, { replace: true });
  };
}

/** Remember a new connection and tell the app that there is one: never which address. */
export function noteConnected(connect: Connect, connection: Connection): void {
  connect.putConnected(connection);
  connect.report("account_connected", {
    provider: connection.provider,
    wallet_id: connection.wallet_id,
    chains: connection.chains.length,
  });
}
