/** What jsdom lacks of a page: modal dialogs, media queries, a window's focus; and the widget's side of the conversation. */

import { PROTOCOL_VERSION, type WidgetMessage } from "@kryptos_connect/connect-core";
import { afterEach, beforeEach, expect } from "vitest";

export const BASE = "https://connect.example";

if (typeof document === "object") {
  window.focus = () => undefined;
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.setAttribute("open", "");
    this.querySelector("button")?.focus();
  };
  HTMLDialogElement.prototype.close = function close() {
    if (!this.open) return;
    this.removeAttribute("open");
    this.dispatchEvent(new Event("close"));
  };
  beforeEach(() => setSystemDark(false));
  afterEach(() => {
    document.documentElement.removeAttribute("style");
  });
}

/** Make the system prefer dark or light pages, and tell whoever listens. */
let listeners: (() => void)[] = [];
export function setSystemDark(isDark: boolean): void {
  const told = listeners;
  window.matchMedia = ((query: string) => ({
    matches: isDark && query.includes("dark"),
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
    removeEventListener: (_: string, listener: () => void) => {
      listeners = listeners.filter((each) => each !== listener);
    },
  })) as unknown as typeof matchMedia;
  for (const listener of told) listener();
}

export const systemListeners = (): number => listeners.length;

export const dialogs = (): HTMLDialogElement[] => [...document.querySelectorAll("dialog")];

export function frame(): HTMLIFrameElement {
  const found = document.querySelector("iframe");
  if (!found) throw new Error("no frame is open");
  return found;
}

/** Post to the host page as a frame would; by default as the widget itself. */
export function postFrom(data: unknown, origin = BASE, source: unknown = frame().contentWindow): void {
  window.dispatchEvent(new MessageEvent("message", { data, origin, source: source as Window }));
}

/** The widget in the frame: it says that it listens, and holds its end of the channel. */
export class Widget {
  readonly received: { type: string; [name: string]: unknown }[] = [];
  readonly hellos: { message: unknown; origin: string }[] = [];
  #port: MessagePort | undefined;

  constructor() {
    const target = frame().contentWindow as Window;
    target.postMessage = ((message: unknown, origin: string, [port]: MessagePort[]) => {
      this.hellos.push({ message, origin });
      this.#port = port;
      if (port) port.onmessage = ({ data }) => this.received.push(data);
    }) as typeof target.postMessage;
  }

  listen(): this {
    postFrom({ kryptos: 1, type: "ready" });
    return this;
  }

  say(message: WidgetMessage | { type: string }): void {
    this.#port?.postMessage(message);
  }

  async heard(type: string, times = 1): Promise<{ [name: string]: unknown }> {
    const found = () => this.received.filter((each) => each.type === type);
    await expect.poll(() => found().length).toBeGreaterThanOrEqual(times);
    return found()[times - 1] as { [name: string]: unknown };
  }
}

export { PROTOCOL_VERSION };
