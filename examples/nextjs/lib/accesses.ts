/** What the exchange gave, by user. A real app keeps it in its database, the token encrypted. */

import { randomUUID } from "node:crypto";

import { cookies } from "next/headers";

export interface Access {
  readonly accessToken: string;
  readonly grantId: string;
}

// On `globalThis`, since each route handler may be bundled with a copy of this module.
const kept = globalThis as typeof globalThis & { accesses?: Map<string, Access> };
kept.accesses ??= new Map();
export const accesses = kept.accesses;

/** Stand in for the app's own sign-in: an id that nobody can guess, in a cookie that no script can read. */
export async function currentUser(): Promise<string> {
  const jar = await cookies();
  const known = jar.get("example_nextjs")?.value;
  if (known) return known;
  const user = randomUUID();
  jar.set("example_nextjs", user, { httpOnly: true, sameSite: "lax" });
  return user;
}
