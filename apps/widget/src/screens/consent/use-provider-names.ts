/** What providers are called; their ids until the list is there. */

import { useEffect, useState } from "preact/hooks";
import { useConnect } from "../../app/connect.js";

export function useProviderNames(): (id: string) => string {
  const { providers } = useConnect();
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    providers().then(
      (list) => setNames(new Map(list.providers.map((each) => [each.id, each.publicName]))),
      // The ids can be read as well.
      () => undefined,
    );
  }, []);
  return (id) => names.get(id) ?? id;
}
