/** The app of a test: a button or a modal in it, and what it is told. */

import { act, fireEvent, render, screen } from "@testing-library/react-native";
import * as React from "react";
import {
  KryptosConnectButton,
  type KryptosConnectButtonProps,
  type KryptosConnectConfig,
  KryptosConnectProvider,
} from "../../src/index";
import { BASE, Page } from "./page";
import { views } from "./webview";

export const CONFIG: KryptosConnectConfig = { appName: "My App", clientId: "client_1", baseUrl: `${BASE}/` };

export const onSuccess = jest.fn();
export const onError = jest.fn();
export const onEvent = jest.fn();
export const generateLinkToken = jest.fn(async (): Promise<unknown> => ({ link_token: "link_1" }));
const CALLBACKS = { generateLinkToken, onSuccess, onError, onEvent } as Partial<KryptosConnectButtonProps>;

/** Everything as before the first test; called before each. */
export function begin(): void {
  jest.clearAllMocks();
  generateLinkToken.mockReset().mockImplementation(async () => ({ link_token: "link_1" }));
  jest.spyOn(console, "info").mockImplementation(() => {});
  views.length = 0;
}

export function app(
  props: Partial<KryptosConnectButtonProps> = {},
  config: Partial<KryptosConnectConfig> = {},
): React.ReactElement {
  return (
    <KryptosConnectProvider config={{ ...CONFIG, ...config }}>
      <KryptosConnectButton {...CALLBACKS} {...props} />
    </KryptosConnectProvider>
  );
}

export function show(...given: Parameters<typeof app>): ReturnType<typeof render> {
  return render(app(...given));
}

export async function press(label = "Connect to Kryptos"): Promise<Page> {
  await act(async () => void fireEvent.press(screen.getByText(label)));
  return new Page();
}

/** The app with a widget that runs. */
export async function running(): Promise<Page> {
  const page = await press();
  await page.ready();
  return page;
}

/** The code of the only error that the app was told. */
export function onlyCode(): unknown {
  expect(onSuccess).not.toHaveBeenCalled();
  expect(onError).toHaveBeenCalledTimes(1);
  expect(onError.mock.calls[0]?.[0]).toBeInstanceOf(Error);
  return onError.mock.calls[0]?.[0].code;
}

export const isOpen = (): boolean =>
  screen.queryByTestId("webview", { includeHiddenElements: true }) !== null;
