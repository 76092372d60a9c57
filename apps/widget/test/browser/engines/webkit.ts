/** WebKitGTK's MiniBrowser on a screen of its own, driven over W3C WebDriver. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";

import { type Engine, finding, type Place, until } from "./engine.js";

export const WEBKIT_DRIVER = process.env["WEBKIT_DRIVER"] ?? "/usr/bin/WebKitWebDriver";
export const SCREEN = "/usr/bin/Xvfb";
const PORT = process.env["WEBKIT_DRIVER_PORT"] ?? "4579";
/** The key under which WebDriver gives an element, by its specification. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export class WebKit implements Engine {
  readonly name: string;
  readonly #session: string;
  readonly #children: readonly ChildProcess[];

  private constructor(name: string, session: string, children: readonly ChildProcess[]) {
    this.name = name;
    this.#session = session;
    this.#children = children;
  }

  static async start(): Promise<WebKit> {
    const screen = spawn(SCREEN, ["-displayfd", "1", "-screen", "0", "1280x1024x24"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [number] = (await once(screen.stdout, "data")) as [Buffer];
    const driver = spawn(WEBKIT_DRIVER, [`--port=${PORT}`, "--host=127.0.0.1"], {
      env: { ...process.env, DISPLAY: `:${number.toString().trim()}`, LIBGL_ALWAYS_SOFTWARE: "1" },
      stdio: "ignore",
    });
    try {
      await until("WebKitWebDriver", () => call("GET", "/status"));
      const alwaysMatch = {
        "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] },
      };
      const given = (await call("POST", "/session", { capabilities: { alwaysMatch } })) as {
        readonly sessionId: string;
        readonly capabilities: { readonly browserVersion: string };
      };
      const name = `WebKitGTK/${given.capabilities.browserVersion}`;
      const engine = new WebKit(name, `/session/${given.sessionId}`, [driver, screen]);
      await engine.#call("POST", "/window/rect", { width: 1100, height: 950 });
      return engine;
    } catch (error) {
      for (const child of [driver, screen]) child.kill();
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    await this.#call("POST", "/url", { url });
  }

  async press(where: Place, name: RegExp): Promise<void> {
    await until(`${name} in the ${where}`, async () => {
      await this.#enter(where);
      const element = await this.#run<Record<string, string> | null>(`return ${finding(name)};`);
      if (!element) return null;
      await this.#call("POST", `/element/${element[ELEMENT]}/click`, {});
      return true;
    });
  }

  async type(text: string): Promise<void> {
    const actions = [...text].flatMap((value) => ["keyDown", "keyUp"].map((type) => ({ type, value })));
    await this.#call("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  async ask<T>(where: Place, expression: string): Promise<T> {
    await this.#enter(where);
    return this.#run<T>(`return ${expression};`);
  }

  async close(): Promise<void> {
    await this.#call("DELETE", "");
    for (const child of this.#children) {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
  }

  async #enter(where: Place): Promise<void> {
    await this.#call("POST", "/frame", { id: null });
    if (where === "page") return;
    const selector = { using: "css selector", value: "dialog[open] iframe" };
    await this.#call("POST", "/frame", { id: await this.#call("POST", "/element", selector) });
  }

  #run<T>(script: string): Promise<T> {
    return this.#call("POST", "/execute/sync", { script, args: [] }) as Promise<T>;
  }

  #call(method: string, path: string, body?: object): Promise<unknown> {
    return call(method, this.#session + path, body);
  }
}

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const reply = await fetch(`http://127.0.0.1:${PORT}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  const { value } = (await reply.json()) as { readonly value: unknown };
  if (!reply.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
  return value;
}

/** Distributions put it beside the library, in a folder of the machine's architecture. */
function miniBrowser(): string {
  const places = ["x86_64-linux-gnu", "aarch64-linux-gnu"].flatMap((each) =>
    ["4.1", "4.0", "6.0"].map((version) => `/usr/lib/${each}/webkit2gtk-${version}/MiniBrowser`),
  );
  const found = [process.env["MINI_BROWSER"] ?? "", ...places].find((path) => existsSync(path));
  if (!found) throw new Error("MiniBrowser was not found. Name it in MINI_BROWSER.");
  return found;
}
