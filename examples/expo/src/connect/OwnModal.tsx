/** A button of the app's own; the modal is opened and closed by its state. */

import { KryptosConnectModal, KryptosConnectProvider } from "@kryptos_connect/mobile-sdk";
import { useState } from "react";

import { createLinkToken } from "../backend";
import { QuietButton } from "../ui/QuietButton";
import { APP } from "./app";
import type { ConnectProps } from "./ways";

/** The first generation asked for the bare string; both are taken. */
const bareLinkToken = async (): Promise<string> => (await createLinkToken()).link_token;

export function OwnModal({ config, theme, label, onDone, onFailed }: ConnectProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <KryptosConnectProvider config={{ ...APP, clientId: config.clientId, baseUrl: config.baseUrl, theme }}>
      <QuietButton onPress={() => setIsOpen(true)}>{label}</QuietButton>
      <KryptosConnectModal
        open={isOpen}
        setOpen={setIsOpen}
        generateLinkToken={bareLinkToken}
        onSuccess={onDone}
        onError={onFailed}
      />
    </KryptosConnectProvider>
  );
}
