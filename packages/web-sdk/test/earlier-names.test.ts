// @vitest-environment node
/** The note about earlier names is for developers, once, and never in an app that people use. */

import { expect, test, vi } from "vitest";
import { noteEarlierNames } from "../src/earlier-names.js";

test("once, in development, where an earlier name is used", () => {
  const info = vi.spyOn(console, "info").mockImplementation(() => {});
  vi.stubEnv("NODE_ENV", "production");
  noteEarlierNames({ onSuccess: () => {} });
  vi.stubEnv("NODE_ENV", "development");
  noteEarlierNames({ onConnectSuccess: () => {} });
  expect(info).not.toHaveBeenCalled();
  noteEarlierNames({ onError: () => {} });
  noteEarlierNames({ onSuccess: () => {} });
  expect(info).toHaveBeenCalledTimes(1);
  vi.unstubAllEnvs();
});

test("where there is no process, nothing breaks", () => {
  vi.stubGlobal("process", undefined);
  expect(() => noteEarlierNames({ onSuccess: () => {} })).not.toThrow();
  vi.unstubAllGlobals();
});
