import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type ApiClient, ApiError } from "../../src/api/client.js";
import { App } from "../../src/app/app.js";
import { whereNow } from "../../src/app/flow.js";
import type { Host, Session, SignedIn } from "../../src/contracts.js";
import { createTexts } from "../../src/i18n/texts.js";
import { CONFIG, fakeApi, fakeHost, SESSION } from "../support/connect.js";

const RESUMED: Session = { ...SESSION, is_resumed: true, stage: "INTEGRATION" };
const PROVIDERS = { providers: [], test_accounts: [] };
const SIGNED_IN = { user_id: "user_1", is_anonymous: true, widget_key: "wkey_1" } as SignedIn;

function start(session: Session, calls: Partial<ApiClient> = {}, hostCalls: Partial<Host> = {}) {
  const host = fakeHost(hostCalls);
  const api = fakeApi({
    record: vi.fn(),
    exit: vi.fn(async () => undefined),
    providers: async () => PROVIDERS,
    connections: async () => [],
    session: async () => session,
    ...calls,
  }) as ApiClient;
  const texts = createTexts("en");
  const first = whereNow(session, false);
  const providers = () => api.providers();
  const more = { config: CONFIG, isBound: false, onSession: () => undefined };
  const opened = { host, api, texts, session, providers, first, ...more };
  render(<App opened={opened} />);
  return { host, api };
}

const heading = (name: RegExp) => screen.findByRole("heading", { level: 1, name });

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, "");
});

describe("the widget", () => {
  test("says that it can be used, and what is shown", async () => {
    const { host } = start(SESSION);
    await heading(/Connect your accounts/);
    expect(host.usable).toHaveBeenCalledOnce();
    const events = vi.mocked(host.event).mock.calls.map(([event]) => [event.name, event.details]);
    expect(events).toContainEqual(["screen_shown", { screen: "landing" }]);
  });

  test("leads from signing in to consent, and remembers the key for a reload", async () => {
    const user = { user_id: "user_1", is_anonymous: true, email: null };
    const workspace = { workspace_id: "ws_1", name: "Home", role: "owner", can_share: true } as const;
    start(SESSION, {
      goAnonymous: async () => SIGNED_IN,
      session: async () => ({ ...SESSION, user, workspace }),
      consent: () => new Promise(() => undefined),
    });
    fireEvent.click(screen.getByRole("button", { name: /guest/ }));
    await heading(/asks to read/);
    expect(sessionStorage.getItem(`kryptos-connect:key:${SESSION.session_id}`)).toBe("wkey_1");
    expect(screen.queryByRole("button", { name: "Back" })).toBeNull();
  });

  test("the browser's back button goes one step back", async () => {
    start(SESSION, { startEmail: async () => undefined });
    fireEvent.input(screen.getByLabelText("E-mail address"), { target: { value: "anna@example.com" } });
    fireEvent.click(screen.getByRole("button", { name: "Continue" }));
    await heading(/Check your mail/);
    history.back();
    await heading(/Connect your accounts/);
  });

  test("Esc leaves once, with one message to the host", async () => {
    const { host, api } = start(SESSION);
    fireEvent.keyDown(document.body, { key: "Escape" });
    fireEvent.keyDown(document.body, { key: "Escape" });
    await waitFor(() => expect(host.exit).toHaveBeenCalledOnce());
    expect(host.exit).toHaveBeenCalledWith("USER_EXIT", "The person closed the widget", undefined);
    expect(api.exit).toHaveBeenCalledOnce();
  });

  test("a page of its own is left when the server knows it, and has a way back to the app", async () => {
    let hear: () => void = () => undefined;
    const exit = () => new Promise<undefined>((resolve) => (hear = () => resolve(undefined)));
    const session = { ...SESSION, redirect_uri: "myapp://kryptos" };
    const { host } = start(session, { exit }, { kind: "page" });
    fireEvent.keyDown(document.body, { key: "Escape" });
    const link = await screen.findByRole("link", { name: /^Back to/ });
    expect(link.getAttribute("href")).toBe(`myapp://kryptos?session_id=${session.session_id}`);
    expect(host.exit).not.toHaveBeenCalled();
    hear();
    await waitFor(() => expect(host.exit).toHaveBeenCalledOnce());
  });

  test("the host's own back key leaves from the first screen", () => {
    let goBack: () => void = () => undefined;
    const onBack: Host["onBack"] = (listener) => {
      goBack = listener;
      return () => undefined;
    };
    const { host } = start(SESSION, {}, { onBack });
    goBack();
    expect(host.exit).toHaveBeenCalledOnce();
  });

  test("a failure nobody caught becomes a problem with a way on", async () => {
    const { host } = start(SESSION);
    const failure = new ApiError({ code: "TOKEN_ALREADY_USED", status: 400, requestId: "req_1" });
    // jsdom has no PromiseRejectionEvent.
    window.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: failure }));
    await heading(/session is finished/);
    fireEvent.click(screen.getAllByRole("button", { name: "Close" })[0] as HTMLElement);
    expect(host.exit).toHaveBeenCalledWith("TOKEN_ALREADY_USED", "TOKEN_ALREADY_USED", "req_1");
  });

  test("starting again takes a fresh token and begins at the beginning", async () => {
    const restart = vi.fn(async () => undefined);
    start(SESSION, { restart });
    window.dispatchEvent(
      Object.assign(new Event("unhandledrejection"), { reason: new ApiError({ code: "TOKEN_EXPIRED" }) }),
    );
    await heading(/run out/);
    fireEvent.click(screen.getByRole("button", { name: "Start again" }));
    await heading(/Connect your accounts/);
    expect(restart).toHaveBeenCalledOnce();
  });

  test("a returning person comes to the list, and Done completes exactly once", async () => {
    const complete = vi.fn(async () => ({ public_token: null }));
    const { host } = start(RESUMED, { complete });
    fireEvent.click(await screen.findByRole("button", { name: /skip/i }));
    const done = await screen.findByRole("button", { name: /done/i });
    fireEvent.click(done);
    fireEvent.click(done);
    await waitFor(() => expect(host.succeed).toHaveBeenCalledExactlyOnceWith(null));
    expect(complete).toHaveBeenCalledOnce();
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(host.exit).not.toHaveBeenCalled();
  });
});
