/** The app's logo as the widget takes it: an `https:` address, or a picture as a data URL. */

import { Image, type ImageSourcePropType } from "react-native";
import type { KryptosConnectConfig } from "./settings.js";

const LONGEST = 200_000;

/** Return the logo. What only this phone can read (a bundled file) and nodes are left out. */
export function sendableLogo(logo: KryptosConnectConfig["appLogo"]): string | undefined {
  const address = typeof logo === "string" ? logo : addressOf(logo);
  if (address === undefined || address.length > LONGEST) return undefined;
  return /^(https:|data:image\/)/.test(address) ? address : undefined;
}

function addressOf(logo: KryptosConnectConfig["appLogo"]): string | undefined {
  const isSource =
    typeof logo === "number" ||
    (typeof logo === "object" && logo !== null && ("uri" in logo || Array.isArray(logo)));
  if (!isSource) return undefined;
  const first = (Array.isArray(logo) ? logo[0] : logo) as ImageSourcePropType;
  try {
    return Image.resolveAssetSource(first)?.uri;
  } catch {
    return (first as { readonly uri?: string }).uri; // React Native for Web has no assets to resolve
  }
}
