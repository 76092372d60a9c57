/** The smoke run in Firefox ESR. */

import { FIREFOX, Firefox } from "./firefox.js";
import { smoke } from "./smoke.js";

smoke({ name: "Firefox ESR", programs: [FIREFOX], canTakeFocus: true, start: () => Firefox.start() });
