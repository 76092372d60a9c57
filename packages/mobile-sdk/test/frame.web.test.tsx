/**
 * In a browser (Expo web): the frame, its port, and nobody else heard.
 *
 * @jest-environment-options {"url": "https://app.example/"}
 */

import { MessageChannel } from "node:worker_threads";
import * as React from "react";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { KryptosConnectButton, type KryptosConnectConfig, KryptosConnectProvider } from "../src/index";

const BASE = "https://connect.example";
const CONFIG = { appName: "My App", clientId: "client_1", baseUrl: BASE, language: "en" } as const;

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, MessageChannel });

let root: Root;
const onSuccess = jest.fn();
const onError = jest.fn();
const heard: Array<Readonly<Record<string, unknown>>> = [];
const ports: MessagePort[] = [];

beforeEach(() => {
  jest.clearAllMocks();
  jest.spyOn(console, "info").mockImplementation(() => {});
  heard.length = 0;
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(async () => {
  await act(async () => root.unmount());
  for (const port of ports.splice(0)) port.close();
  document.body.innerHTML = "";
});

const moment = (): Promise<void> => act(() => new Promise<void>((done) => setTimeout(done, 20)));
const frame = (): HTMLIFrameElement | null => document.querySelector("iframe");

async function open(more: Partial<KryptosConnectConfig> = {}): Promise<HTMLIFrameElement> {
  const given = { generateLinkToken: async () => "link_1", onSuccess, onError };
  await act(async () =>
    root.render(
      <KryptosConnectProvider config={{ ...CONFIG, ...more }}>
        <KryptosConnectButton {...given} />
      </KryptosConnectProvider>,
    ),
  );
  await act(async () => document.querySelector<HTMLElement>("[role=button]")?.click());
  const opened = frame();
  if (!opened?.contentWindow) throw new Error("no frame");
  // jsdom's frames do not load: what is posted into one is taken here.
  opened.contentWindow.postMessage = ((message: unknown, origin: string, [port]: MessagePort[]) => {
    heard.push({ ...(message as object), origin });
    if (!port) return;
    ports.push(port);
    port.onmessage = ({ data }) => heard.push(data);
  }) as typeof window.postMessage;
  return opened;
}

function post(data: unknown, origin = BASE, source: unknown = frame()?.contentWindow): Promise<void> {
  return act(async () => {
    window.dispatchEvent(new MessageEvent("message", { data, origin, source: source as Window }));
  });
}

const READY = { kryptos: 1, type: "ready" };

test("it is framed as the web SDK frames it: its origin told, in a sandbox", async () => {
  const opened = await open();
  const { src, title } = opened;
  expect(src).toBe(
    `${BASE}/connect?v=1&origin=${encodeURIComponent(location.origin)}&client_id=client_1&theme=light&lang=en`,
  );
  expect(opened.getAttribute("sandbox")).toBe(
    "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
  );
  expect(title).toBe("Kryptos Connect");
  expect(opened.getAttribute("referrerpolicy")).toBe("no-referrer");
});

test("hello to its exact origin, then config and token over the port, then the end", async () => {
  await open();
  await post(READY);
  await moment();
  expect(heard).toMatchObject([
    { kryptos: 1, type: "hello", v: 1, sdk: "mobile-sdk/0.1.0", origin: BASE },
    { type: "config", appName: "My App" },
    { type: "token", linkToken: "link_1" },
  ]);
  ports[0]?.postMessage({ type: "success", publicToken: "public_1" });
  await moment();
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(onError).not.toHaveBeenCalled();
  expect(frame()).toBeNull();
});

test("nobody but the frame, at its origin, is heard; its end only over the port", async () => {
  await open();
  await post(READY, "https://evil.example");
  await post(READY, BASE, window);
  await post(READY, BASE, null);
  await post({ type: "ready" });
  await post("ready");
  await post({ type: "success", publicToken: "public_forged" });
  expect(heard).toEqual([]);
  expect(onSuccess).not.toHaveBeenCalled();
  await post(READY);
  expect(heard[0]).toMatchObject({ type: "hello" });
});

test("there is no other browser to go to", async () => {
  expect((await open({ openIn: "browser" })).src).toContain(`${BASE}/connect?`);
});

test("a blocked frame is shown and told", async () => {
  await open();
  await post({ kryptos: 1, type: "blocked", code: "EMBED_BLOCKED", message: "Add the origin." });
  expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["EMBED_BLOCKED"]);
  expect(frame()).not.toBeNull();
});

test("the browser's wallets answer", async () => {
  await open();
  await post(READY);
  await moment();
  ports[0]?.postMessage({ type: "request", id: 7, method: "wallets.list", params: {} });
  await moment();
  await moment();
  expect(heard[heard.length - 1]).toEqual({ type: "result", id: 7, value: [] });
});

test("unmounted while open: one error, and no listener left", async () => {
  await open();
  const removed = jest.spyOn(window, "removeEventListener");
  await act(async () => root.render(null));
  expect(onError.mock.calls.map(([error]) => error.code)).toEqual(["HOST_UNMOUNTED"]);
  expect(removed.mock.calls.map(([name]) => name)).toContain("message");
});
