/** Where the app begins, on phones and in a browser. */

import { registerRootComponent } from "expo";

import { App } from "./src/App";

registerRootComponent(App);
