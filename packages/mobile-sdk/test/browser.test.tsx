/** The system's browser: opened, waited for, asked about, and come back from. */

import { act, fireEvent, screen } from "@testing-library/react-native";
import { AppState, Linking } from "react-native";
import { BASE } from "./support/page";
import { begin, generateLinkToken, onError, onlyCode, onSuccess, show } from "./support/screen";
import { leave, retry, tap } from "./support/trouble";

const HOSTED = `${BASE}/connect/l/1#key`;
const openURL = jest.spyOn(Linking, "openURL");
const fetched = jest.spyOn(globalThis, "fetch");
const listeners: Record<string, Set<(given: never) => void>> = { change: new Set(), url: new Set() };

function listen(source: { addEventListener: unknown }): void {
  jest.spyOn(source as typeof Linking, "addEventListener").mockImplementation(((
    name: string,
    listener: (given: never) => void,
  ) => {
    listeners[name]?.add(listener);
    return { remove: () => listeners[name]?.delete(listener) };
  }) as never);
}

beforeEach(() => {
  begin();
  jest.useFakeTimers();
  openURL.mockReset().mockResolvedValue(true);
  fetched.mockReset().mockImplementation(async () => answer("open"));
  generateLinkToken.mockImplementation(async () => ({ link_token: "link_1", hosted_url: HOSTED }));
  listen(AppState);
  listen(Linking);
});
afterEach(() => {
  expect([...(listeners["change"] ?? []), ...(listeners["url"] ?? [])]).toEqual([]);
  jest.useRealTimers();
});

const reply = (body: unknown, status = 200): Response =>
  ({
    ok: status < 300,
    status,
    json: async () => (body === undefined ? JSON.parse("<!doctype html>") : body),
  }) as Response;
const answer = (status: string, public_token: string | null = null): Response =>
  reply({ success: true, data: { status, public_token } });

const happen = (name: "change" | "url", given: unknown): Promise<void> =>
  act(async () => {
    for (const listener of [...(listeners[name] ?? [])]) listener(given as never);
  });
const wait = (seconds: number): Promise<void> =>
  act(async () => jest.advanceTimersByTimeAsync(seconds * 1000));

async function visit(config: Parameters<typeof show>[1] = {}): Promise<void> {
  show({}, { openIn: "browser", ...config });
  await act(async () => void fireEvent.press(screen.getByText("Connect to Kryptos")));
}

test("the hosted page is opened, and the person is told to go on there", async () => {
  await visit();
  expect(openURL.mock.calls).toEqual([[HOSTED]]);
  expect(screen.getByRole("alert")).toHaveTextContent(/Go on in your browser/);
  expect(screen.queryByTestId("webview")).toBeNull();
  const [address, init] = fetched.mock.calls[0] ?? [];
  expect(address).toBe(`${BASE}/link-token/outcome`);
  expect(init).toMatchObject({ headers: { "X-LINK-TOKEN": "link_1" } });
  await leave();
  expect(onlyCode()).toBe("USER_EXIT");
});

test("every two seconds the server is asked, until the end", async () => {
  await visit();
  fetched.mockClear();
  await wait(2);
  await wait(2);
  expect(fetched).toHaveBeenCalledTimes(2);
  fetched.mockResolvedValue(answer("completed", "public_1"));
  await wait(2);
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(screen.queryByRole("alert")).toBeNull();
  fetched.mockClear();
  await wait(60);
  expect(fetched).not.toHaveBeenCalled();
  expect(onError).not.toHaveBeenCalled();
});

test("a returning person gives null", async () => {
  fetched.mockResolvedValue(answer("completed"));
  await visit();
  expect(onSuccess.mock.calls).toEqual([[null]]);
});

test.each([
  ["exited", "USER_EXIT"],
  ["expired", "SESSION_EXPIRED"],
])("%s is the error %s", async (status, code) => {
  fetched.mockResolvedValue(answer(status));
  await visit();
  expect(onlyCode()).toBe(code);
});

test.each([
  [401, { success: false, error: "No hosted session has it.", code: "INVALID_TOKEN" }, "INVALID_TOKEN"],
  [401, { success: false, error: "The app is suspended.", code: "INVALID_CLIENT" }, "INVALID_CLIENT"],
  [404, { detail: "Not Found" }, "SESSION_NOT_FOUND"],
  [404, undefined, "SESSION_NOT_FOUND"],
])("%i ends it in words", async (status, body, code) => {
  fetched.mockResolvedValue(reply(body, status));
  await visit();
  expect(onlyCode()).toBe(code);
  expect(onError.mock.calls[0]?.[0].message).toMatch(/\w+ \w+/);
});

test.each([
  ["no network", async () => Promise.reject(new TypeError("Network request failed"))],
  ["a server that fails", async () => reply({}, 503)],
  ["too many calls", async () => reply({}, 429)],
  ["a reply that is no JSON", async () => ({ ok: true, status: 200, json: async () => JSON.parse("<") })],
  ["a reply of another form", async () => reply({ data: { status: "new" } })],
  ["a token of another form", async () => reply({ data: { status: "completed", public_token: 7 } })],
])("%s is told, asked again less and less often, and no end", async (_, failing) => {
  fetched.mockImplementation(failing as never);
  await visit();
  expect(screen.getByRole("alert")).toHaveTextContent(/interrupted/);
  fetched.mockClear();
  await wait(3.9);
  expect(fetched).toHaveBeenCalledTimes(0);
  await wait(0.1);
  expect(fetched).toHaveBeenCalledTimes(1);
  await wait(8);
  expect(fetched).toHaveBeenCalledTimes(2);
  await wait(600);
  expect(fetched.mock.calls.length).toBeLessThan(25);
  fetched.mockImplementation(async () => answer("open"));
  await wait(30);
  expect(screen.getByRole("alert")).toHaveTextContent(/Go on in your browser/);
  expect(onError).not.toHaveBeenCalled();
  await tap("Cancel");
  expect(onlyCode()).toBe("USER_EXIT");
});

test("never two calls at a time, and one that hangs is given up", async () => {
  let signal: AbortSignal | null | undefined;
  fetched.mockImplementation(
    (_, init) =>
      new Promise((_resolve, reject) => {
        signal = init?.signal;
        signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  );
  await visit();
  await happen("url", { url: "myapp://kryptos" });
  await happen("change", "active");
  await wait(14);
  expect(fetched).toHaveBeenCalledTimes(1);
  fetched.mockImplementation(async () => answer("completed", "public_1"));
  await wait(10);
  expect(signal?.aborted).toBe(true);
  expect(onSuccess).toHaveBeenCalledTimes(1);
});

test("away, nobody is asked; back, at once", async () => {
  await visit();
  await happen("change", "background");
  fetched.mockClear();
  await wait(600);
  expect(fetched).not.toHaveBeenCalled();
  fetched.mockResolvedValue(answer("completed", "public_1"));
  await happen("change", "active");
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(onSuccess).toHaveBeenCalledTimes(1);
});

test("a call that was on its way when the app went is given up, and made again when it is back", async () => {
  fetched.mockImplementation(
    (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  );
  await visit();
  await happen("change", "background");
  expect(screen.getByRole("alert")).toHaveTextContent(/Go on in your browser/);
  fetched.mockResolvedValue(answer("completed", "public_1"));
  await happen("change", "active");
  expect(onSuccess).toHaveBeenCalledTimes(1);
});

test("the app's own link asks at once; another link does not", async () => {
  await visit({ returnUrl: "myapp://kryptos" });
  fetched.mockClear();
  await happen("url", { url: "myapp://news/1" });
  await happen("url", undefined);
  expect(fetched).not.toHaveBeenCalled();
  fetched.mockResolvedValue(answer("completed", "public_1"));
  await happen("url", { url: "myapp://kryptos?session_id=1" });
  expect(onSuccess).toHaveBeenCalledTimes(1);
});

test("the app's own way to open it is given the return address; its end asks at once", async () => {
  let closed = (): void => {};
  const openBrowser = jest.fn(() => new Promise<void>((done) => (closed = done)));
  await visit({ openBrowser, returnUrl: "myapp://kryptos" });
  expect(openBrowser.mock.calls).toEqual([[HOSTED, "myapp://kryptos"]]);
  expect(openURL).not.toHaveBeenCalled();
  fetched.mockClear();
  fetched.mockResolvedValue(answer("completed", "public_1"));
  await act(async () => closed());
  expect(onSuccess).toHaveBeenCalledTimes(1);
});

test("it is opened again as often as the person likes, even while it refuses", async () => {
  await visit();
  openURL.mockRejectedValue(new Error("already presented"));
  await tap("Open the browser again");
  await tap("Open the browser again");
  expect(openURL).toHaveBeenCalledTimes(3);
  expect(onError).not.toHaveBeenCalled();
  await leave();
});

test("a browser that does not open at all ends it", async () => {
  openURL.mockRejectedValue(new Error("no browser"));
  await visit();
  expect(onlyCode()).toBe("WIDGET_FAILED");
  expect(onError.mock.calls[0]?.[0].message).toContain("no browser");
});

test.each([
  [{ link_token: "link_1" }],
  ["link_1"],
  [{ link_token: "link_1", hosted_url: "javascript:alert(1)" }],
  [{ link_token: "link_1", hosted_url: "http://connect.example/connect/l/1" }],
])("%j says what to return", async (given) => {
  generateLinkToken.mockResolvedValue(given);
  await visit();
  expect(onlyCode()).toBe("LINK_TOKEN_FAILED");
  expect(onError.mock.calls[0]?.[0].message).toContain("Return { link_token, hosted_url }");
  expect(openURL).not.toHaveBeenCalled();
});

test("offline before there is a token: tried again", async () => {
  generateLinkToken.mockRejectedValueOnce(new TypeError("Network request failed"));
  await visit();
  expect(openURL).not.toHaveBeenCalled();
  await retry();
  expect(openURL).toHaveBeenCalledTimes(1);
  screen.unmount();
  expect(onlyCode()).toBe("HOST_UNMOUNTED");
});

test("React Native before 0.65 is stopped in its own way", async () => {
  const removed: unknown[] = [];
  for (const source of [AppState, Linking] as Array<{
    addEventListener: unknown;
    removeEventListener?: unknown;
  }>) {
    jest.spyOn(source as typeof Linking, "addEventListener").mockReturnValue(undefined as never);
    source.removeEventListener = (name: string) => removed.push(name);
  }
  await visit();
  await leave();
  expect(removed).toEqual(["change", "url"]);
});
