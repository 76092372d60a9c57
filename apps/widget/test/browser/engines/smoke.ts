/** The smoke run: a guest connects a test account, in a browser whose third-party storage is as it comes. */

import { existsSync } from "node:fs";

import { describe, expect } from "vitest";

import { logKeys } from "../fixtures/hostile.js";
import type { Call } from "../fixtures/recording.js";
import { test as base } from "../support/test.js";
import { type Engine, until } from "./engine.js";

export interface Runner {
  readonly name: string;
  /** The programs that it needs. */
  readonly programs: readonly string[];
  /** Whether a page's script can move the focus as the engine is driven here. */
  readonly canTakeFocus: boolean;
  start(): Promise<Engine>;
}

/** Declare the run; where a program is missing it is skipped, and its title says which. */
export function smoke({ name, programs, canTakeFocus, start }: Runner): void {
  const test = base.extend(
    "engine",
    { scope: "file" },
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads what is wanted from this pattern
    async ({}, { onCleanup }) => {
      const engine = await start();
      onCleanup(() => engine.close());
      return engine;
    },
  );

  const missing = programs.filter((program) => !existsSync(program));
  const title = missing.length > 0 ? `${name} (not run: there is no ${missing.join(", ")})` : name;
  describe.skipIf(missing.length > 0)(title, () => {
    test("a guest connects a test account, and the app is called back once", async ({ host, engine }) => {
      await engine.open(host.url("plain"));
      await engine.press("page", /^Connect$/);
      await engine.press("widget", /guest/i);
      await engine.press("widget", /^allow/i);
      await engine.press("widget", /trader/i);
      await engine.press("widget", /^done/i);
      const calls = await until("a callback", async () => {
        const all = await engine.ask<readonly Call[]>("page", "window.__calls");
        return all.length > 0 ? all : null;
      });
      expect(calls).toEqual([
        { name: "success", value: { public_token: expect.stringMatching(/^public_/) } },
      ]);
      expect(await engine.ask("page", 'document.querySelectorAll("dialog, iframe").length')).toBe(0);
      expect(await engine.ask("page", "document.activeElement.textContent")).toBe("Connect");
      process.stdout.write(`${engine.name}: passed\n`);
    });

    test("a key logger in the page hears nothing; every key arrives", async ({ host, engine }) => {
      host.reset();
      host.head = `<script>(${logKeys})()</script>`;
      await engine.open(host.url("plain"));
      await engine.press("page", /^Connect$/);
      await engine.press("widget", /mail/i);
      await engine.type("typed@");
      for (const take of canTakeFocus ? ["window.focus()", "document.activeElement.blur()"] : []) {
        await engine.ask("page", `(${take}, null)`);
        await until("the focus in the frame", () =>
          engine.ask("widget", "document.hasFocus() && document.activeElement.tagName === 'INPUT'"),
        );
        await engine.type("x");
      }
      await engine.type("example.com");
      const typed = `typed@${canTakeFocus ? "xx" : ""}example.com`;
      expect(await engine.ask("widget", "document.querySelector('input[type=email]').value")).toBe(typed);
      expect(await engine.ask("page", "window.__heard")).toEqual([]);
      host.reset();
    });

    test("leaving by the widget's × is an exit, told once", async ({ host, engine }) => {
      await engine.open(host.url("strict"));
      await engine.press("page", /^Connect$/);
      await until("the first screen", () =>
        engine.ask("widget", "document.querySelector('h1')?.textContent"),
      );
      await engine.press("widget", /^close/i);
      const calls = await until("a callback", async () => {
        const all = await engine.ask<readonly Call[]>("page", "window.__calls");
        return all.length > 0 ? all : null;
      });
      expect(calls).toEqual([{ name: "error", code: "USER_EXIT", message: expect.any(String) }]);
    });
  });
}
