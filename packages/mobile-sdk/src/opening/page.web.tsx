/** The widget's page in a browser (Expo web): the web SDK's frame, spoken to over one port. */

import * as React from "react";
import { type ReactElement, useLayoutEffect, useRef } from "react";
import { placeOf } from "./addresses.js";
import type { Message } from "./messages.js";
import type { Opening } from "./opening.js";

export interface PageProps {
  readonly opening: Opening;
  readonly address: string;
  readonly title: string;
}

const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";

export function Page({ opening, address, title }: PageProps): ReactElement {
  const frame = useRef<HTMLIFrameElement>(null);

  useLayoutEffect(() => {
    const origin = placeOf(address)?.origin ?? "";
    let port: MessagePort | undefined;

    const onMessage = ({ source, origin: from, data }: MessageEvent): void => {
      if (source && source === frame.current?.contentWindow && from === origin && data?.kryptos === 1)
        opening.receive(data as Message);
    };

    opening.link({
      hello(hello) {
        const channel = new MessageChannel();
        port?.close();
        port = channel.port1;
        port.onmessage = ({ data }) => {
          if (data?.kryptos !== 1 && typeof data?.type === "string") opening.receive(data as Message);
        };
        frame.current?.contentWindow?.postMessage(hello, origin, [channel.port2]);
      },
      send: (message) => port?.postMessage(message),
    });
    addEventListener("message", onMessage);
    return () => {
      removeEventListener("message", onMessage);
      port?.close();
    };
  }, [opening, address]);

  return (
    <iframe
      ref={frame}
      src={address}
      title={title}
      sandbox={SANDBOX}
      allow="clipboard-write;publickey-credentials-get"
      referrerPolicy="no-referrer"
      style={{ border: 0, flex: 1, height: "100%", width: "100%" }}
    />
  );
}
