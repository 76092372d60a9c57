/** The widget's quality, view by view: one file, so that one demo and one browser serve all of it. */

import "./axe.js";
import "./layout.js";
import "./keyboard.js";
import "./secrets.js";
import "./faults.js";
import "./search.js";
