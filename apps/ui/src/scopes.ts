/** How scopes are put to a person: about themselves, what is read, what may be changed. */

const ABOUT_YOU = ["openid", "profile", "email", "users:read"];

/** Without these there is no access at all: refusing them is refusing. */
const NEEDED = ["openid", "offline_access"];

export const needed = (scope: string): boolean => NEEDED.includes(scope);

export interface ScopeGroups {
  readonly data: readonly string[];
  readonly you: readonly string[];
  readonly changes: readonly string[];
}

/** `offline_access` is no data: it is told with how long the access lasts. */
export function grouped(scopes: readonly string[]): ScopeGroups {
  const shown = scopes.filter((scope) => scope !== "offline_access");
  const changes = shown.filter((scope) => scope.endsWith(":write"));
  const you = shown.filter((scope) => ABOUT_YOU.includes(scope));
  const data = shown.filter((scope) => !changes.includes(scope) && !you.includes(scope));
  return { data, you, changes };
}
