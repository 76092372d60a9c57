// @vitest-environment node
/** On a server there is no page: import and rendering work, and `init` is written down for the browser. */

import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import {
  KryptosConnect,
  KryptosConnectButton,
  KryptosConnectProvider,
  useKryptosConnect,
} from "../src/index.js";

const CONFIG = { appName: "My App", clientId: "client_1" };

function Own() {
  const { ready, isOpen } = useKryptosConnect({});
  return createElement("i", {}, `${ready} ${isOpen}`);
}

test("button, provider and hook render without a page", () => {
  expect(typeof document).toBe("undefined");
  const html = renderToString(
    createElement(
      KryptosConnectProvider,
      { config: CONFIG },
      createElement(KryptosConnectButton),
      createElement(Own),
    ),
  );
  expect(html).toContain("Connect to Kryptos");
  expect(html).toContain("<i>false false</i>");
  expect(html).not.toContain("data-kc-init");
  expect(html).not.toContain("style=");
});

test("what init was given stands in the page, the logo only where it is an address", () => {
  KryptosConnect.init({ ...CONFIG, theme: "dark", appLogo: createElement("svg") });
  KryptosConnect.init({ ...CONFIG, theme: "dark", appLogo: createElement("svg") });
  const html = renderToString(createElement(KryptosConnectButton));
  const [, written = ""] = /data-kc-init="([^"]*)"/.exec(html) ?? [];
  expect(JSON.parse(written.replaceAll("&quot;", '"'))).toEqual({ ...CONFIG, theme: "dark" });
  expect(html).toContain('data-kc-theme="dark"');
});
