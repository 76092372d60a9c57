/** `@kryptos_connect/mobile-sdk`: a provider or `init`, a button, a modal, a hook, and their types. */

export {
  type AuthMethod,
  type ConnectEvent,
  type GenerateLinkToken,
  KryptosConnectError,
  type Language,
  type LinkTokenReply,
  type Prefill,
  type Theme,
} from "@kryptos_connect/connect-core";
export { KryptosConnectButton, type KryptosConnectButtonProps } from "./button.js";
export { KryptosConnectModal, type KryptosConnectModalProps } from "./modal.js";
export { KryptosConnectProvider, type KryptosConnectProviderProps } from "./provider.js";
export { KryptosConnect, type KryptosConnectConfig } from "./settings.js";
export {
  type KryptosConnectHandle,
  type KryptosConnectOptions,
  type UserConsent,
  useKryptosConnect,
} from "./use-kryptos-connect.js";
