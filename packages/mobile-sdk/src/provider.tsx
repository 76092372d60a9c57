/** The provider: what an app says of itself, for all buttons inside; and the place where the hook's sheet is drawn. */

import * as React from "react";
import { createContext, type ReactElement, type ReactNode, useState } from "react";
import type { Opening } from "./opening/opening.js";
import { Sheet } from "./opening/sheet.js";
import type { KryptosConnectConfig } from "./settings.js";

export interface KryptosConnectProviderProps {
  /** Left out, what `KryptosConnect.init` was given counts. */
  readonly config?: KryptosConnectConfig | undefined;
  readonly children?: ReactNode;
}

export const ConfigContext = createContext<KryptosConnectConfig | null>(null);

/** Shows the sheet of an opening, or none. */
export type Show = (opening: Opening | null) => void;

export const ShowContext = createContext<Show | null>(null);

export function KryptosConnectProvider({ config, children }: KryptosConnectProviderProps): ReactElement {
  const [shown, setShown] = useState<Opening | null>(null);
  return (
    <ConfigContext.Provider value={config ?? null}>
      <ShowContext.Provider value={setShown}>
        {children}
        {shown && <Sheet opening={shown} />}
      </ShowContext.Provider>
    </ConfigContext.Provider>
  );
}
