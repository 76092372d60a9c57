/** Hands every screen what it is given. */

import { WordsContext } from "@kryptos_connect/ui/components/words.js";
import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Connect } from "../contracts.js";

const ConnectContext = createContext<Connect | null>(null);

interface ProviderProps {
  readonly value: Connect;
  readonly children: ComponentChildren;
}

export function ConnectProvider({ value, children }: ProviderProps) {
  return (
    <ConnectContext.Provider value={value}>
      <WordsContext.Provider value={value.t}>{children}</WordsContext.Provider>
    </ConnectContext.Provider>
  );
}

export function useConnect(): Connect {
  const connect = useContext(ConnectContext);
  if (connect === null) throw new Error("useConnect() needs a <ConnectProvider> around it");
  return connect;
}
