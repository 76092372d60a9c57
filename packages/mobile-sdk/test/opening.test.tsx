/** Button and widget: what is opened, what is said, and exactly one callback at the end. */

import { act, fireEvent, render, screen } from "@testing-library/react-native";
import * as React from "react";
import {
  KryptosConnectButton,
  type KryptosConnectButtonProps,
  type KryptosConnectConfig,
  KryptosConnectProvider,
} from "../src/index";
import { BASE, Page } from "./support/page";
import { views } from "./support/webview";

const CONFIG: KryptosConnectConfig = { appName: "My App", clientId: "client_1", baseUrl: `${BASE}/` };

const onSuccess = jest.fn();
const onError = jest.fn();
const onEvent = jest.fn();
const generateLinkToken = jest.fn(async () => ({ link_token: "link_1", isAuthorized: false }));

beforeEach(() => {
  jest.clearAllMocks();
  views.length = 0;
});

function show(props: Partial<KryptosConnectButtonProps> = {}, config: Partial<KryptosConnectConfig> = {}) {
  return render(
    <KryptosConnectProvider config={{ ...CONFIG, ...config }}>
      <KryptosConnectButton {...{ generateLinkToken, onSuccess, onError, onEvent }} {...props} />
    </KryptosConnectProvider>,
  );
}

async function press(): Promise<Page> {
  await act(async () => void fireEvent.press(screen.getByText("Connect to Kryptos")));
  return new Page();
}

async function running(): Promise<Page> {
  const page = await press();
  await page.ready();
  return page;
}

test("the widget is opened at its app address, and hears hello, config and token", async () => {
  show({ integrationName: "ethereum", extraConfig: { prefill: { address: "0x1" } } }, { language: "de" });
  const page = await running();
  expect(page.address).toBe(`${BASE}/connect/app?v=1&client_id=client_1&theme=light&lang=de`);
  expect(page.heard).toMatchObject([
    { kryptos: 1, type: "hello", v: 1, sdk: "mobile-sdk/0.1.0" },
    {
      type: "config",
      appName: "My App",
      theme: "light",
      language: "de",
      integrationName: "ethereum",
      prefill: { address: "0x1" },
    },
    { type: "token", linkToken: "link_1", isAuthorized: false },
  ]);
  expect(page.address).not.toContain("link_1");
});

test("success, once, and the sheet is gone", async () => {
  show();
  const page = await running();
  await page.say({ type: "success", publicToken: "public_1" });
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(onError).not.toHaveBeenCalled();
  expect(screen.queryByTestId("webview")).toBeNull();
});
