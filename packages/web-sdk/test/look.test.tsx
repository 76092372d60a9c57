/** What an app looks like, reaches button, dialog and widget: theme, variables, logo; and `init` without a provider. */

import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  KryptosConnect,
  KryptosConnectButton,
  type KryptosConnectConfig,
  KryptosConnectProvider,
} from "../src/index.js";
import { BASE, dialogs, frame, setSystemDark, systemListeners, Widget } from "./page.js";

const CONFIG: KryptosConnectConfig = { appName: "My App", clientId: "client_1", baseUrl: BASE };
const KEY = Symbol.for("@kryptos_connect/web-sdk");
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

const generateLinkToken = async (): Promise<{ link_token: string }> => ({ link_token: "link_1" });

beforeEach(() => delete (globalThis as { [KEY]?: unknown })[KEY]);
afterEach(() => {
  cleanup();
  document.head.replaceChildren();
});

const button = (): HTMLElement => screen.getAllByRole("button")[0] as HTMLElement;

function withProvider(config: Partial<KryptosConnectConfig>) {
  return render(
    <KryptosConnectProvider config={{ ...CONFIG, ...config }}>
      <KryptosConnectButton generateLinkToken={generateLinkToken} />
    </KryptosConnectProvider>,
  );
}

async function config(): Promise<{ [name: string]: unknown }> {
  act(() => {
    fireEvent.click(button());
  });
  return new Widget().listen().heard("config");
}

function addStyles(css: string): void {
  const sheet = document.createElement("style");
  sheet.textContent = css;
  document.head.append(sheet);
}

test("the provider has the specification's defaults, light and dark", async () => {
  withProvider({});
  expect(await config()).toMatchObject({
    cssVars: { "--kc-primary": "#8b5cf6", "--kc-primary-hover": "#7c3aed", "--kc-text-primary": "#000000" },
    cssVarsDark: { "--kc-bg-primary": "#1a1a1a", "--kc-text-primary": "#ffffff", "--kc-border": "#404040" },
  });
});

test("init leaves the defaults to the widget", async () => {
  KryptosConnect.init(CONFIG);
  render(<KryptosConnectButton generateLinkToken={generateLinkToken} />);
  expect(await config()).toMatchObject({ appName: "My App", cssVars: {}, cssVarsDark: {} });
});

test("variables of stylesheets are read in both themes; settings win over them", async () => {
  // jsdom hands no variables down: a browser needs no second selector here.
  addStyles(`:root, [data-kc-theme] { --kc-primary: #123456; --kc-border: #111111; }
    [data-kc-theme="dark"] { --kc-border: #222222; }`);
  withProvider({ cssVars: { "--kc-primary": "#654321", "--kc-nonsense": "1" } });
  const { cssVars, cssVarsDark } = await config();
  expect(cssVars).toMatchObject({ "--kc-primary": "#654321", "--kc-border": "#111111" });
  expect(cssVarsDark).toMatchObject({ "--kc-primary": "#654321", "--kc-border": "#222222" });
  expect(cssVars).not.toHaveProperty("--kc-nonsense");
  expect(button().style.getPropertyValue("--kc-primary")).toBe("#654321");
});

test("the theme is set on button and dialog", async () => {
  withProvider({ theme: "dark" });
  expect(button().getAttribute("data-kc-theme")).toBe("dark");
  expect(await config()).toMatchObject({ theme: "dark" });
  expect(dialogs()[0]?.getAttribute("data-kc-theme")).toBe("dark");
  expect(frame().src).toContain("theme=dark");
});

test("auto follows the system, live, and stops listening at the end", async () => {
  setSystemDark(true);
  const view = withProvider({ theme: "auto" });
  expect(button().getAttribute("data-kc-theme")).toBe("dark");
  act(() => setSystemDark(false));
  expect(button().getAttribute("data-kc-theme")).toBe("light");
  expect(await config()).toMatchObject({ theme: "auto" });
  view.unmount();
  expect(systemListeners()).toBe(0);
});

test.each(["https://app.example/logo.png", PIXEL])("a logo's address goes as it is: %s", async (appLogo) => {
  withProvider({ appLogo });
  expect(await config()).toMatchObject({ appLogo });
});

test("a logo that no server could fetch is left out", async () => {
  withProvider({ appLogo: "/logo.png" });
  expect(await config()).toMatchObject({ appLogo: undefined });
});

test("a logo that is a node becomes a data URL; in the button it is out of sight", async () => {
  withProvider({
    appLogo: (
      <svg viewBox="0 0 1 1" aria-hidden="true">
        <path d="M0 0h1" />
      </svg>
    ),
  });
  expect(button().querySelector("svg")?.parentElement?.hidden).toBe(true);
  expect(button().textContent).toBe("Connect to Kryptos");
  const { appLogo } = await config();
  const logo = decodeURIComponent(String(appLogo));
  expect(logo).toMatch(/^data:image\/svg\+xml,<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(logo).toContain('<path d="M0 0h1"');
});

test("a logo that is an image gives its address", async () => {
  withProvider({ appLogo: <img src="https://app.example/logo.png" alt="" /> });
  expect(await config()).toMatchObject({ appLogo: "https://app.example/logo.png" });
});

test("an image that cannot be drawn is left out, and nothing breaks", async () => {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(() => {
    throw new Error("tainted");
  });
  withProvider({ appLogo: <img src="blob:x" alt="" /> });
  expect(await config()).toMatchObject({ appLogo: undefined });
});

test("class, style, size and other attributes of the button are the app's", () => {
  render(
    <KryptosConnectProvider config={CONFIG}>
      <KryptosConnectButton
        className="my-button"
        style={{ borderRadius: "12px" }}
        size="lg"
        id="connect"
        disabled
      >
        Connect Wallet
      </KryptosConnectButton>
    </KryptosConnectProvider>,
  );
  expect(button().className).toBe("kc-button kc-button-lg kc-button-provider my-button");
  expect(button().style.borderRadius).toBe("12px");
  expect(button().id).toBe("connect");
  expect(button()).toMatchObject({ disabled: true, textContent: "Connect Wallet" });
});

test("what init was given on the server, the button finds in the page", async () => {
  const written = JSON.stringify({ ...CONFIG, theme: "dark", cssVars: { "--kc-primary": "#010101" } });
  const root = document.createElement("div");
  root.innerHTML = `<button type="button" data-kc-theme="dark" data-kc-init='${written}' class="kc-button kc-button-md kc-button-init ">Connect to Kryptos</button>`;
  document.body.append(root);
  const complaint = vi.spyOn(console, "error").mockImplementation(() => {});
  const view = render(<KryptosConnectButton generateLinkToken={generateLinkToken} />, {
    container: root,
    hydrate: true,
  });
  expect(complaint).not.toHaveBeenCalled();
  complaint.mockRestore();
  expect(button().getAttribute("data-kc-theme")).toBe("dark");
  expect(await config()).toMatchObject({
    appName: "My App",
    theme: "dark",
    cssVars: { "--kc-primary": "#010101" },
  });
  expect(frame().src).toContain("client_id=client_1");
  view.unmount();
  root.remove();
});

test("without any client id the frame is found by the link token's digest, at the token's server", async () => {
  const token = async (): Promise<object> => ({ link_token: "link_1", base_url: "https://own.example" });
  render(<KryptosConnectButton generateLinkToken={token as never} />);
  act(() => {
    fireEvent.click(button());
  });
  await expect.poll(() => frame().src).toMatch(/^https:\/\/own\.example\/connect\?/);
  const { createHash } = await import("node:crypto");
  const digest = createHash("sha256").update("link_1").digest("hex");
  expect(new URL(frame().src).searchParams.get("s")).toBe(digest);
});

test("a page without our stylesheet adopts it, once", async () => {
  const sheets: unknown[] = [];
  vi.stubGlobal(
    "CSSStyleSheet",
    class {
      text = "";
      replaceSync(text: string): void {
        this.text = text;
      }
    },
  );
  Object.assign(document, { adoptedStyleSheets: sheets });
  withProvider({});
  withProvider({});
  await expect.poll(() => document.adoptedStyleSheets).toHaveLength(1);
  expect(document.adoptedStyleSheets[0]).toMatchObject({ text: expect.stringContaining(".kc-button") });
  vi.unstubAllGlobals();
});
