import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { describe, expect, test, vi } from "vitest";
import { ApiError } from "../../src/api/client.js";
import type { Connection, ConsentAsked, Session, SignedIn, Workspace } from "../../src/contracts.js";
import { Code } from "../../src/screens/Code.js";
import { Consent } from "../../src/screens/Consent.js";
import { Landing } from "../../src/screens/Landing.js";
import { Problem } from "../../src/screens/Problem.js";
import { WorkspaceChoice } from "../../src/screens/WorkspaceChoice.js";
import { fakeApi, fakeConnect, renderIn, SESSION } from "../support/connect.js";

const SIGNED_IN = { user_id: "user_1", widget_key: "wkey_1" } as SignedIn;
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const type = (label: string | RegExp, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });

describe("the first screen", () => {
  test("says who asks and takes the focus to it", () => {
    renderIn(fakeConnect(), <Landing />);
    expect(document.activeElement?.textContent).toBe("Connect your accounts to Ledgerly");
  });

  test("goes on to the code once the mail is sent", async () => {
    const startEmail = vi.fn(async () => undefined);
    const connect = fakeConnect({ api: fakeApi({ startEmail }) });
    renderIn(connect, <Landing />);
    type("E-mail address", " anna@example.com ");
    fireEvent.click(button("Continue"));
    await waitFor(() => expect(connect.go).toHaveBeenCalledWith({ name: "code", email: "anna@example.com" }));
    expect(startEmail).toHaveBeenCalledExactlyOnceWith("anna@example.com");
  });

  test("tells what is wrong with an address, and asks nobody", () => {
    renderIn(fakeConnect(), <Landing />);
    type("E-mail address", "anna");
    fireEvent.click(button("Continue"));
    expect(screen.getByRole("alert").textContent).toContain("name@example.com");
    expect(screen.getByLabelText("E-mail address").getAttribute("aria-invalid")).toBe("true");
  });

  test("signs in a guest once, however often it is pressed", async () => {
    const goAnonymous = vi.fn(async () => SIGNED_IN);
    const connect = fakeConnect({ api: fakeApi({ goAnonymous }) });
    renderIn(connect, <Landing />);
    fireEvent.click(button(/guest/));
    fireEvent.click(button(/guest/));
    await waitFor(() => expect(connect.signedIn).toHaveBeenCalledExactlyOnceWith(SIGNED_IN));
    expect(goAnonymous).toHaveBeenCalledOnce();
  });

  test("offers what both server and app want", () => {
    const config = { ...fakeConnect().config, authMethods: ["anonymous"] as const };
    renderIn(fakeConnect({ config }), <Landing />);
    expect(screen.queryByLabelText("E-mail address")).toBeNull();
    expect(button(/guest/).className).toContain("button-primary");
  });

  test("links the operator's pages, where there are some", () => {
    const session = { ...SESSION, terms_url: "https://connect.example.com/terms" };
    renderIn(fakeConnect({ session }), <Landing />);
    const links = screen.getAllByRole("link").map((link) => [link.textContent, link.getAttribute("href")]);
    expect(links).toEqual([["Terms of use", "https://connect.example.com/terms"]]);
  });

  test("keeps what was typed when a call fails", async () => {
    const startEmail = () => Promise.reject(new ApiError({ code: "OFFLINE" }));
    const connect = fakeConnect({ api: fakeApi({ startEmail }) });
    renderIn(connect, <Landing />);
    type("E-mail address", "anna@example.com");
    fireEvent.click(button("Continue"));
    await screen.findByText("No connection");
    expect((screen.getByLabelText("E-mail address") as HTMLInputElement).value).toBe("anna@example.com");
    expect(connect.report).toHaveBeenCalledWith("error", { code: "OFFLINE" });
  });
});

describe("the code", () => {
  test("is sent when its sixth digit is there, spaces and all", async () => {
    const verifyEmail = vi.fn(async () => SIGNED_IN);
    const connect = fakeConnect({ api: fakeApi({ verifyEmail }) });
    renderIn(connect, <Code email="anna@example.com" />);
    type("Code from the mail", " 123 456 ");
    await waitFor(() => expect(connect.signedIn).toHaveBeenCalledOnce());
    expect(verifyEmail).toHaveBeenCalledExactlyOnceWith("anna@example.com", "123456");
  });

  test("that is wrong says how many tries are left", async () => {
    const verifyEmail = () => Promise.reject(new ApiError({ code: "CODE_INVALID", status: 400 }));
    renderIn(fakeConnect({ api: fakeApi({ verifyEmail }) }), <Code email="anna@example.com" />);
    for (const text of [
      /4 more tries/,
      /3 more tries/,
      /2 more tries/,
      /1 more try\./,
      /no longer be used/,
    ]) {
      type("Code from the mail", "111111");
      await screen.findByText(text);
    }
  });

  test("can be sent again after a while, not at once", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const tick = async () => void (await vi.advanceTimersByTimeAsync(1000));
    const startEmail = vi.fn(async () => undefined);
    renderIn(fakeConnect({ api: fakeApi({ startEmail }) }), <Code email="anna@example.com" />);
    expect((button(/New code in 30 seconds/) as HTMLButtonElement).disabled).toBe(true);
    for (let second = 0; second < 30; second += 1) await act(tick);
    vi.useRealTimers();
    fireEvent.click(await screen.findByRole("button", { name: "Send a new code" }));
    await waitFor(() => expect(startEmail).toHaveBeenCalledOnce());
  });
});

test("a workspace that may not be shared says why and cannot be chosen", async () => {
  const workspaces = [
    { workspace_id: "ws_1", name: "Home", role: "owner", can_share: true },
    { workspace_id: "ws_2", name: "Firm", role: "viewer", can_share: false },
  ] satisfies Workspace[];
  const chooseWorkspace = vi.fn(async () => SESSION);
  const connect = fakeConnect({ api: fakeApi({ workspaces: async () => workspaces, chooseWorkspace }) });
  renderIn(connect, <WorkspaceChoice />);
  const firm = (await screen.findByRole("button", { name: /Firm/ })) as HTMLButtonElement;
  expect(firm.disabled).toBe(true);
  expect(firm.textContent).toContain("Only its owner or an administrator");
  fireEvent.click(button(/Home/));
  await waitFor(() => expect(connect.next).toHaveBeenCalledOnce());
  expect(chooseWorkspace).toHaveBeenCalledExactlyOnceWith("ws_1");
});

describe("consent", () => {
  const session: Session = {
    ...SESSION,
    user: { user_id: "user_1", is_anonymous: false, email: "anna@example.com" },
    workspace: { workspace_id: "ws_1", name: "Home", role: "owner", can_share: true },
  };
  const asked: ConsentAsked = {
    app: session.app,
    workspace: session.workspace,
    scopes: ["openid", "email", "portfolios:read", "tax:write", "offline_access"].map((scope) => ({
      scope,
      description: "",
    })),
    access_seconds: 473_040_000,
    covers_later_connections: true,
    consent: null,
  };
  const connection = { wallet_id: "wallet_1", provider: "ethereum", address: "0x47c2…fcfa" } as Connection;
  const reading = { consent: async () => asked, connections: async () => [connection] };

  const shown = async (calls: object = {}) => {
    const connect = fakeConnect({ session, api: fakeApi({ ...reading, ...calls }) });
    renderIn(connect, <Consent />);
    await screen.findByText("What you hold and what it is worth");
    return connect;
  };

  test("says who, what, from where, which accounts, how long and how it ends", async () => {
    await shown();
    const text = document.body.textContent ?? "";
    for (const part of [
      "Ledgerly asks to read",
      "“Home”",
      "anna@example.com",
      "0x47c2…fcfa",
      "connect later are included",
      "For 15 years, until",
      "end this at any time",
      "Nobody can trade or withdraw",
    ]) {
      expect(text).toContain(part);
    }
    expect(screen.getByText("Can change").closest("section")?.textContent).toContain("Your tax figures");
  });

  test("in full is given without a list", async () => {
    const giveConsent = vi.fn(async () => session);
    const connect = await shown({ giveConsent });
    fireEvent.click(button("Allow"));
    await waitFor(() => expect(connect.next).toHaveBeenCalledOnce());
    expect(giveConsent).toHaveBeenCalledExactlyOnceWith(true, undefined);
  });

  test("can be narrowed, but not below what access itself needs", async () => {
    const giveConsent = vi.fn(async () => session);
    await shown({ giveConsent });
    fireEvent.click(button("Choose what to share"));
    expect(screen.getAllByRole("checkbox")).toHaveLength(3);
    fireEvent.click(screen.getByRole("checkbox", { name: "Your e-mail address" }));
    fireEvent.click(button("Allow"));
    await waitFor(() => expect(giveConsent).toHaveBeenCalledOnce());
    expect(giveConsent).toHaveBeenCalledWith(true, [
      "openid",
      "portfolios:read",
      "tax:write",
      "offline_access",
    ]);
  });

  test("that is refused ends the widget", async () => {
    const giveConsent = vi.fn(async () => session);
    const connect = await shown({ giveConsent });
    fireEvent.click(button("Do not share"));
    await waitFor(() => expect(connect.exit).toHaveBeenCalledExactlyOnceWith("The person did not consent"));
    expect(giveConsent).toHaveBeenCalledExactlyOnceWith(false);
  });
});

describe("a problem", () => {
  const codes = [
    "OFFLINE",
    "TIMEOUT",
    "SERVICE_UNAVAILABLE",
    "RATE_LIMIT_EXCEEDED",
    "TOKEN_EXPIRED",
    "TOKEN_ALREADY_USED",
    "INTERNAL_ERROR",
    "SIGNUP_CLOSED",
    "UNHEARD_OF",
  ];

  test("each is told in its own words", () => {
    const titles = codes.map((code) => {
      renderIn(fakeConnect(), <Problem failure={new ApiError({ code })} onRetry={async () => undefined} />);
      const title = screen.getByRole("heading").textContent;
      cleanup();
      return title;
    });
    expect(new Set(titles).size).toBe(codes.length);
    expect(titles.at(-1)).toBe("Something went wrong");
  });

  test("shows the request id for support, and a way on", () => {
    const onRetry = vi.fn(async () => undefined);
    const failure = new ApiError({ code: "INTERNAL_ERROR", requestId: "req_1" });
    renderIn(fakeConnect(), <Problem failure={failure} onRetry={onRetry} />);
    expect(screen.getByText("req_1")).toBeTruthy();
    fireEvent.click(button("Try again"));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  test("an unknown integration leads to the list", () => {
    const connect = fakeConnect();
    const failure = new ApiError({ code: "UNKNOWN_INTEGRATION", message: "nowhere" });
    renderIn(connect, <Problem failure={failure} onRetry={async () => undefined} />);
    fireEvent.click(button("Choose from the list"));
    expect(connect.go).toHaveBeenCalledWith({ name: "picker" }, { replace: true });
  });
});
