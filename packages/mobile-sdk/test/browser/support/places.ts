/** Where the SDK and its examples are. */

import { REPOSITORY } from "../../../../../apps/widget/test/browser/support/repository.js";

export const MOBILE_SDK = `${REPOSITORY}/packages/mobile-sdk`;
export const EXPO = `${REPOSITORY}/examples/expo`;
export const BARE = `${REPOSITORY}/examples/react-native`;
