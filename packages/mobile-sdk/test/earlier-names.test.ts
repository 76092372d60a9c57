/** The newer names of callbacks are told once, to developers alone. */

import { noteEarlierNames } from "../src/earlier-names";

test("once, in development, and only where an earlier name is used", () => {
  const info = jest.spyOn(console, "info").mockImplementation(() => {});
  const given = globalThis as { __DEV__?: boolean };
  given.__DEV__ = false;
  noteEarlierNames({ onSuccess: () => {} });
  given.__DEV__ = true;
  noteEarlierNames({ onConnectSuccess: () => {} });
  expect(info).not.toHaveBeenCalled();
  noteEarlierNames({ onError: () => {} });
  noteEarlierNames({ onSuccess: () => {} });
  expect(info).toHaveBeenCalledTimes(1);
});
