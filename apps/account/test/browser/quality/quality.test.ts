/** The consent centre's quality, view by view: one file, so that one browser serves all of it. */

import "./axe.js";
import "./layout.js";
import "./keyboard.js";
import "./secrets.js";
