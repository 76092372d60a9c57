import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { App } from "../../src/app/app.js";
import type { Api } from "../../src/contracts.js";
import { fakeApi, GUEST, PERSON, TEXTS } from "../support/page.js";

const signedOut = () => Promise.reject(new ApiError({ code: "NOT_SIGNED_IN", status: 401 }));

function start(calls: Partial<Api>) {
  let end: () => void = () => undefined;
  const api = fakeApi({ grants: async () => [], connections: async () => [], ...calls });
  const onSignedOut = (listener: () => void) => {
    end = listener;
  };
  render(<App api={api} onSignedOut={onSignedOut} texts={TEXTS} theme="auto" />);
  return { end: () => end() };
}

const heading = (name: string) => screen.findByRole("heading", { level: 1, name });

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "/account");
});

describe("the consent centre", () => {
  test("shows somebody who is known the overview", async () => {
    start({ session: async () => PERSON });
    await heading("Apps with access");
    expect(screen.getByText("anna@example.com")).toBeTruthy();
    await waitFor(() => expect(document.title).toBe("Apps with access · Kryptos Connect"));
  });

  test("signs in by mailed code, and goes on where the address says", async () => {
    history.replaceState(null, "", "/account#/accounts");
    const verifySignIn = vi.fn(async () => PERSON);
    start({ session: signedOut, startSignIn: async () => ({ challenge: "challenge_1" }), verifySignIn });
    await heading("See who can read your accounts");
    fireEvent.input(screen.getByLabelText("E-mail address"), { target: { value: " anna@example.com" } });
    fireEvent.click(screen.getByRole("button", { name: "Continue" }));
    await heading("Check your mail");
    fireEvent.input(screen.getByLabelText("Code from the mail"), { target: { value: "123456" } });
    await heading("Connected accounts");
    expect(verifySignIn).toHaveBeenCalledExactlyOnceWith({
      challenge: "challenge_1",
      email: "anna@example.com",
      code: "123456",
    });
  });

  test("a management link is explained, opened by one press, and is nowhere in the address", async () => {
    history.replaceState(null, "", "/account#manage=k3y");
    const openLink = vi.fn(async () => GUEST);
    start({ openLink });
    await heading("Open your consent centre");
    expect(location.href).not.toContain("k3y");
    expect(openLink).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Open" }));
    await heading("Apps with access");
    expect(openLink).toHaveBeenCalledExactlyOnceWith("k3y");
  });

  test("a link that was used says what to do", async () => {
    history.replaceState(null, "", "/account#manage=k3y");
    const failure = new ApiError({ code: "MANAGEMENT_LINK_INVALID", status: 401 });
    start({ openLink: () => Promise.reject(failure) });
    fireEvent.click(await screen.findByRole("button", { name: "Open" }));
    await heading("This link is used up");
    fireEvent.click(screen.getByRole("button", { name: "Sign in with an e-mail address" }));
    await heading("See who can read your accounts");
  });

  test("a session that ends leads to signing in, and keeps the place", async () => {
    history.replaceState(null, "", "/account#/data");
    const { end } = start({ session: async () => PERSON });
    await heading("Your data");
    end();
    await heading("See who can read your accounts");
    expect(screen.getByText("Your session has ended")).toBeTruthy();
    expect(location.hash).toBe("#/data");
  });

  test("signing out says so", async () => {
    const signOut = vi.fn(async () => undefined);
    start({ session: async () => PERSON, signOut });
    fireEvent.click(await screen.findByRole("button", { name: "Sign out" }));
    await screen.findByText("You are signed out");
    expect(signOut).toHaveBeenCalledOnce();
  });

  test("no network at the start is told, and tried again on request", async () => {
    const session = vi
      .fn()
      .mockRejectedValueOnce(new ApiError({ code: "OFFLINE" }))
      .mockResolvedValue(PERSON);
    start({ session });
    await heading("No connection");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await heading("Apps with access");
  });

  test("language and theme change at once, and are remembered", async () => {
    start({ session: async () => PERSON });
    await heading("Apps with access");
    fireEvent.change(screen.getByLabelText("Appearance"), { target: { value: "dark" } });
    fireEvent.change(screen.getByLabelText("Language"), { target: { value: "de" } });
    await waitFor(() => expect(document.documentElement.lang).toBe("de"));
    expect(document.documentElement.dataset["kcTheme"]).toBe("dark");
    expect(Object.keys(localStorage).sort()).toEqual(["kryptos-account:language", "kryptos-account:theme"]);
  });
});
