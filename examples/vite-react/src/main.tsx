/** Starts the page: asks the backend for the client's id and the server's address, then shows the app. */

import "@kryptos_connect/web-sdk/dist/styles/index.css";
import "./style.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./App.js";
import { fetchConfig } from "./backend.js";
import { sayFailure } from "./failure.js";

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
const root = createRoot(place);

try {
  const config = await fetchConfig();
  root.render(
    <StrictMode>
      <App config={config} />
    </StrictMode>,
  );
} catch (error) {
  root.render(
    <main className="page">
      <p className="notice error" role="alert">
        The page could not be started: {sayFailure(error)}
      </p>
    </main>,
  );
}
