/** What providers are called; their ids until the list is there, or where it cannot be had. */

import { useProviders } from "../connecting/use-providers.js";

export function useProviderNames(): (id: string) => string {
  const [list] = useProviders();
  const providers = list.state === "there" ? list.offered.providers : [];
  return (id) => providers.find((each) => each.id === id)?.publicName ?? id;
}
