/** Asks the host's wallets, with an end to the waiting and one form for every refusal. */

import type { HostMethod, HostMethods } from "@kryptos_connect/connect-core";
import { ApiError, asFailure } from "@kryptos_connect/ui/http/errors.js";
import type { ApiFailure, Host } from "../../contracts.js";

/** Long enough to unlock a wallet and to read what it shows. */
export const WALLET_TIME_LIMIT_MS = 120_000;

/** As `host.ask`, but nobody waits for ever. */
export async function askWallet<M extends HostMethod>(
  host: Pick<Host, "ask">,
  method: M,
  params: HostMethods[M]["params"],
): Promise<HostMethods[M]["result"]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ApiError({ code: "WALLET_TIMEOUT" })), WALLET_TIME_LIMIT_MS);
  });
  try {
    return await Promise.race([host.ask(method, params), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The host's errors are not the API's, but they have codes as well. */
export function walletFailure(thrown: unknown): ApiFailure {
  const code = (thrown as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" && !(thrown instanceof ApiError)
    ? new ApiError({ code })
    : asFailure(thrown);
}
