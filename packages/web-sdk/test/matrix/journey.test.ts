/** One journey on each supported React: click, widget, success; and unmounting while open. In StrictMode. */

import { createElement, StrictMode, version } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mount } from "#render";
import { KryptosConnectButton, KryptosConnectProvider } from "../../src/index.js";
import { BASE, dialogs, Widget } from "../page.js";

declare const REACT_MAJOR: number;

const config = { appName: "My App", clientId: "client_1", baseUrl: BASE };
const onSuccess = vi.fn();
const onError = vi.fn();
const complaint = vi.spyOn(console, "error");

let container: HTMLElement;
let unmount: () => void;

beforeEach(async () => {
  container = document.createElement("div");
  document.body.append(container);
  const generateLinkToken = async (): Promise<{ link_token: string }> => ({ link_token: "link_1" });
  const button = createElement(KryptosConnectButton, { generateLinkToken, onSuccess, onError });
  unmount = mount(
    createElement(StrictMode, null, createElement(KryptosConnectProvider, { config }, button)),
    container,
  );
  await expect.poll(() => container.querySelector("button")?.dataset).toMatchObject({ kcTheme: "light" });
  container.querySelector("button")?.click();
  await expect.poll(dialogs).toHaveLength(1);
});

afterEach(async () => {
  unmount();
  // React 17 cleans up a moment after.
  await expect.poll(dialogs).toEqual([]);
  container.remove();
  vi.clearAllMocks();
});

test("this is the React that is meant", () => expect(version.split(".")[0]).toBe(String(REACT_MAJOR)));

test("success is told once, without a complaint of React's", async () => {
  const widget = new Widget().listen();
  await widget.heard("token");
  widget.say({ type: "success", publicToken: "public_1" });
  await expect.poll(dialogs).toEqual([]);
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(onError).not.toHaveBeenCalled();
  expect(complaint).not.toHaveBeenCalled();
});

test("unmounting while open ends it once", async () => {
  unmount();
  await expect.poll(dialogs).toEqual([]);
  expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["HOST_UNMOUNTED"]);
  expect(complaint).not.toHaveBeenCalled();
});
