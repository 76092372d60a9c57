import { accesses, currentUser } from "../../../../lib/accesses";
import { answer, call, Refused } from "../../../../lib/kryptos";

interface Integrations {
  readonly data: readonly { readonly status: string }[];
}

interface Holdings {
  readonly holdings: readonly object[];
  readonly shortfalls: readonly object[];
}

const BEING_READ = ["active", "ONGOING"];

export const GET = () => answer(holdings);

/** What the page shows. JavaScript numbers are good enough to show; compute with a decimal parser. */
async function holdings() {
  const user = await currentUser();
  const access = accesses.get(user);
  if (!access) return { isConnected: false };
  const bearer = { Authorization: `Bearer ${access.accessToken}` };
  try {
    const accounts = await call<Integrations>("/api/v1/integrations", undefined, bearer);
    const held = await call<Holdings>("/api/v1/holdings", undefined, bearer);
    const isReading = accounts.data.some(({ status }) => BEING_READ.includes(status));
    return { isConnected: true, isReading, holdings: held.holdings, shortfalls: held.shortfalls };
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    accesses.delete(user); // the person took the access back
    return { isConnected: false };
  }
}
