/** No network, no answer, no process any more: said in words, tried again, and still one callback. */

import { act, screen } from "@testing-library/react-native";

import {
  begin,
  generateLinkToken,
  isOpen,
  onError,
  onlyCode,
  onSuccess,
  press,
  running,
  show,
} from "./support/screen";
import { leave, retry } from "./support/trouble";
import { views } from "./support/webview";

beforeEach(() => {
  begin();
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const wait = (seconds: number): Promise<void> => act(async () => jest.advanceTimersByTime(seconds * 1000));
const OFFLINE = { code: -1009, description: "The Internet connection appears to be offline." };

test("offline: told in words; another try is another page, and the session goes on", async () => {
  show();
  const page = await press();
  await page.happens("onError", OFFLINE);
  expect(screen.getByRole("alert")).toHaveTextContent(/You are offline/);
  expect(onError).not.toHaveBeenCalled();
  await retry();
  expect(views).toHaveLength(2);
  expect(screen.getByRole("progressbar")).toBeTruthy();
  await page.ready();
  expect(page.heard.map(({ type }) => type)).toEqual(["hello", "config", "token"]);
  await page.say({ type: "success", publicToken: "public_1" });
  expect(onSuccess).toHaveBeenCalledTimes(1);
  expect(generateLinkToken).toHaveBeenCalledTimes(1);
});

test.each([
  ["onError", { code: -6, description: "net::ERR_CONNECTION_REFUSED" }, /cannot be reached/],
  ["onError", { code: -2, description: "net::ERR_INTERNET_DISCONNECTED" }, /You are offline/],
  ["onHttpError", { statusCode: 502 }, /cannot be reached/],
  ["onContentProcessDidTerminate", {}, /was stopped/],
  ["onRenderProcessGone", { didCrash: true }, /was stopped/],
])("%s %j", async (event, nativeEvent, words) => {
  show();
  const page = await press();
  await page.happens(event, nativeEvent);
  expect(screen.getByRole("alert")).toHaveTextContent(words);
  await leave();
  expect(onlyCode()).toBe("WIDGET_UNREACHABLE");
  expect(isOpen()).toBe(false);
});

test("no answer for 20 seconds ends nothing: the person tries again as often as they like", async () => {
  show();
  const page = await press();
  await wait(19);
  expect(screen.queryByRole("alert")).toBeNull();
  await wait(1);
  expect(screen.getByRole("alert")).toHaveTextContent(/cannot be reached/);
  await wait(300);
  await retry();
  await wait(19);
  expect(screen.queryByRole("alert")).toBeNull();
  await wait(1);
  await retry();
  await page.ready();
  await wait(300);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(onError).not.toHaveBeenCalled();
  expect(isOpen()).toBe(true);
});

test("a process that died while the person was at it: the page comes again, with its token", async () => {
  show();
  const page = await running();
  await page.happens("onRenderProcessGone", { didCrash: false });
  await retry();
  expect(views.map(({ isMounted }) => isMounted)).toEqual([false, true]);
  await page.ready();
  expect(page.heard.map(({ type }) => type)).toEqual(["hello", "config", "token"]);
  await page.happens("onContentProcessDidTerminate");
  await retry();
  await wait(20);
  expect(screen.getByRole("alert")).toHaveTextContent(/cannot be reached/);
  await leave();
  expect(onlyCode()).toBe("WIDGET_UNREACHABLE");
});

test("a refusal comes with an error of HTTP: its own words are shown", async () => {
  show();
  const page = await press();
  await page.happens("onHttpError", { statusCode: 404 });
  await page.say({ kryptos: 1, type: "blocked", code: "CLIENT_UNKNOWN", message: "No such client." });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(onlyCode()).toBe("CLIENT_UNKNOWN");
  await leave();
  expect(onError).toHaveBeenCalledTimes(1);
});

test("a refusal stays to be read when the token fails too", async () => {
  let fail = (): void => {};
  generateLinkToken.mockReturnValueOnce(
    new Promise((_, reject) => {
      fail = () => reject(new TypeError("Network request failed"));
    }),
  );
  show();
  const page = await press();
  await page.say({ kryptos: 1, type: "blocked", code: "CLIENT_UNKNOWN", message: "No such client." });
  await act(async () => fail());
  expect(screen.queryByRole("alert")).toBeNull();
  expect(onlyCode()).toBe("CLIENT_UNKNOWN");
  await leave();
});

test("a page that refuses after a reload is shown, and can be left", async () => {
  show();
  const page = await running();
  await page.say({ kryptos: 1, type: "blocked", code: "CLIENT_SUSPENDED", message: "Suspended." });
  await leave();
  expect(onlyCode()).toBe("USER_EXIT");
});

test("offline before there is a token: one try asks for page and token again", async () => {
  generateLinkToken.mockRejectedValueOnce(new TypeError("Network request failed"));
  show();
  const page = await press();
  await page.happens("onError", OFFLINE);
  expect(screen.getByRole("alert")).toHaveTextContent(/You are offline/);
  await retry();
  expect(generateLinkToken).toHaveBeenCalledTimes(2);
  expect(views).toHaveLength(2);
  await page.ready();
  expect(page.heard[2]).toMatchObject({ type: "token" });
  expect(onError).not.toHaveBeenCalled();
});

test("a token that the network kept, and a page that comes: it is asked for again by itself", async () => {
  generateLinkToken.mockRejectedValueOnce(new TypeError("Network request failed"));
  show();
  const page = await press();
  expect(screen.getByRole("alert")).toHaveTextContent(/cannot be reached/);
  await page.ready();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(generateLinkToken).toHaveBeenCalledTimes(2);
  expect(page.heard[2]).toMatchObject({ type: "token", linkToken: "link_1" });
});

test("leaving then says what failed", async () => {
  const cause = new TypeError("Network request failed");
  generateLinkToken.mockRejectedValue(cause);
  show();
  await press();
  await retry();
  await leave();
  expect(onlyCode()).toBe("LINK_TOKEN_FAILED");
  expect(onError.mock.calls[0]?.[0].cause).toBe(cause);
  await wait(100);
  expect(generateLinkToken).toHaveBeenCalledTimes(2);
});

test("after the end nothing more is told, however long one waits", async () => {
  show();
  await press();
  await leave();
  await wait(300);
  expect(onlyCode()).toBe("USER_EXIT");
});
