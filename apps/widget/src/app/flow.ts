/** Which screen comes where: read off the session, never remembered beside it. */

import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import type { Connect, Provider, Screen, Session } from "../contracts.js";

/**
 * Where the session says one should be now.
 *
 * `isBound`: whether this widget itself signed the person in. Apps hold link tokens too, so what was done in a session
 * by somebody else does not count here: the person signs in and consents before their own eyes.
 */
export function whereNow(session: Session, isBound: boolean): Screen {
  if (session.is_resumed) return { name: "picker" };
  if (!isBound || session.user === null) return { name: "landing" };
  if (session.workspace === null) return { name: "workspace" };
  if (session.consent === null) return { name: "consent" };
  return { name: "picker" };
}

/** As `whereNow`; where that is the picker, the form of what the app or the repair is about instead. */
export async function whereNext(
  isBound: boolean,
  { session, config, api, providers }: Pick<Connect, "session" | "config" | "api" | "providers">,
): Promise<Screen> {
  const screen = whereNow(session, isBound);
  if (screen.name !== "picker") return screen;
  if (session.repaired_wallet_id !== null) {
    const broken = await api.connection(session.repaired_wallet_id);
    const address = broken.address === null ? {} : { address: broken.address };
    return { name: "form", providerId: broken.provider, ...address };
  }
  if (config.integrationName === null) return screen;
  const found = findProvider((await providers()).providers, config.integrationName);
  if (found) return { name: "form", providerId: found.id };
  return {
    name: "problem",
    failure: new ApiError({ code: "UNKNOWN_INTEGRATION", message: config.integrationName }),
  };
}

/** By id, by name, by alias, in this order. */
function findProvider(providers: readonly Provider[], wanted: string): Provider | undefined {
  const name = wanted.toLowerCase();
  return (
    providers.find((each) => each.id.toLowerCase() === name) ??
    providers.find((each) => each.publicName.toLowerCase() === name) ??
    providers.find((each) => each.aliases.some((alias) => alias.toLowerCase() === name))
  );
}
