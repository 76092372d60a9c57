/** The widget for apps with a button of their own: open while `open` is true. */

import * as React from "react";
import { type ReactElement, useEffect, useState } from "react";
import type { Opening } from "./opening/opening.js";
import { Sheet } from "./opening/sheet.js";
import { type KryptosConnectOptions, useOpening } from "./use-kryptos-connect.js";

export interface KryptosConnectModalProps extends KryptosConnectOptions {
  readonly open: boolean;
  /** Called with false when the widget is gone. */
  readonly setOpen: (open: boolean) => void;
}

export function KryptosConnectModal(props: KryptosConnectModalProps): ReactElement | null {
  const [shown, setShown] = useState<Opening | null>(null);
  const { open: begin, close } = useOpening(props, {
    show: setShown,
    isOwn: true,
    onGone: () => props.setOpen(false),
  });
  const isWanted = props.open;

  useEffect(() => {
    if (!isWanted) return undefined;
    // A moment later: what StrictMode takes back at once is never begun.
    let isStill = true;
    void Promise.resolve().then(() => isStill && begin());
    return () => {
      isStill = false;
      close();
    };
  }, [isWanted, begin, close]);

  return shown && <Sheet opening={shown} />;
}
