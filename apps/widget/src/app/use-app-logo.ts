/** The app's picture, fetched by this server on our behalf: the person's browser asks no third party for it. */

import { useEffect, useState } from "preact/hooks";
import type { Api } from "../contracts.js";

export function useAppLogo(address: string | null, api: Pick<Api, "appLogo">): string | null {
  const isData = address?.startsWith("data:") ?? false;
  const [logo, setLogo] = useState(isData ? address : null);
  useEffect(() => {
    // A letter stands where there is no picture, so a failure changes nothing.
    if (address && !isData) api.appLogo(address).then(setLogo, () => undefined);
  }, [address]);
  return logo;
}
