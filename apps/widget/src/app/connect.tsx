/** Hands every screen what it is given. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Connect } from "../contracts.js";

export const ConnectContext = createContext<Connect | null>(null);

export function useConnect(): Connect {
  const connect = useContext(ConnectContext);
  if (connect === null) throw new Error("useConnect() needs a <ConnectContext.Provider> around it");
  return connect;
}
