/** The smoke run in WebKitGTK. */

import { smoke } from "./smoke.js";
import { SCREEN, WEBKIT_DRIVER, WebKit } from "./webkit.js";

smoke({
  name: "WebKitGTK",
  programs: [WEBKIT_DRIVER, SCREEN],
  canTakeFocus: false,
  start: () => WebKit.start(),
});
