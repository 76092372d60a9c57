/** Hands every view what it is given. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Account, Page } from "../contracts.js";

export const PageContext = createContext<Page | null>(null);
export const AccountContext = createContext<Account | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error("usePage() needs a <PageContext.Provider> around it");
  return page;
}

/** For views of somebody who is signed in. */
export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (account === null) throw new Error("useAccount() needs an <AccountContext.Provider> around it");
  return account;
}
