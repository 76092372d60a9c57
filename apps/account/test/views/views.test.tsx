import { ApiError } from "@kryptos_connect/ui/http/errors.js";
import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as download from "../../src/api/download.js";
import type { Api } from "../../src/contracts.js";
import { whatOf } from "../../src/parts/readings.js";
import { Accounts, stateOf } from "../../src/views/accounts.js";
import { AppDetail } from "../../src/views/app-detail.js";
import { Apps } from "../../src/views/apps.js";
import { Data } from "../../src/views/data.js";
import { Erasing } from "../../src/views/erasing.js";
import { ACCESSES, CONNECTIONS, GRANTS, RECEIPTS } from "../browser/quality/recorded.js";
import { GUEST, PERSON, renderIn } from "../support/page.js";

const READ: Partial<Api> = {
  grants: async () => GRANTS,
  accesses: async () => ACCESSES,
  receipts: async () => RECEIPTS,
  connections: async () => CONNECTIONS,
};

afterEach(() => vi.restoreAllMocks());

const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));

describe("ending access", () => {
  test("says exactly what happens before it happens, and reads the truth afterwards", async () => {
    const revoke = vi.fn(async () => undefined);
    const grants = vi.fn(async () => GRANTS);
    renderIn(<Apps />, { ...READ, grants, revoke });
    await screen.findByText("2 apps can read your accounts. You can end this at any time.");
    press("End access of Ledgerly");
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText("The next call of Ledgerly is refused, at once.")).toBeTruthy();
    expect(dialog.getByText(/has copied already stays with it/)).toBeTruthy();
    expect(dialog.getByText(/When no app is left, your accounts are not read any more/)).toBeTruthy();
    expect(dialog.getByText(/open Ledgerly and connect once more/)).toBeTruthy();
    expect(revoke).not.toHaveBeenCalled();
    fireEvent.click(dialog.getByRole("button", { name: "End access" }));
    await waitFor(() => expect(grants).toHaveBeenCalledTimes(2));
    expect(revoke).toHaveBeenCalledExactlyOnceWith("grant_1");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("that fails says so, and claims nothing", async () => {
    renderIn(<Apps />, { ...READ, revoke: () => Promise.reject(new ApiError({ code: "OFFLINE" })) });
    await screen.findByText("Ledgerly");
    press("End access of Ledgerly");
    fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "End access" }));
    expect((await screen.findByRole("alert")).textContent).toContain("No connection");
  });

  test("of all apps is one call", async () => {
    const revokeAll = vi.fn(async () => ({ revoked: 2 }));
    renderIn(<Apps />, { ...READ, revokeAll });
    await screen.findByText("Ledgerly");
    press("End all access");
    fireEvent.click(screen.getByRole("button", { name: "End all" }));
    await waitFor(() => expect(revokeAll).toHaveBeenCalledOnce());
  });
});

describe("the overview", () => {
  test("has nothing to say but that there is nothing", async () => {
    renderIn(<Apps />, { grants: async () => [] });
    await screen.findByText("No app can read your accounts");
  });

  test("that cannot be read is not said to be empty", async () => {
    renderIn(<Apps />, { grants: () => Promise.reject(new ApiError({ code: "SERVICE_UNAVAILABLE" })) });
    expect((await screen.findByRole("alert")).textContent).toContain("The service is busy");
    expect(screen.queryByText("No app can read your accounts")).toBeNull();
  });

  test("tells a guest why to add an address, and nobody else", async () => {
    const { account } = renderIn(<Apps />, READ, { person: GUEST.person });
    await screen.findByText("You are here as a guest");
    press("Add an e-mail address");
    expect(account.go).toHaveBeenCalledWith({ name: "data" });
  });
});

describe("an app's access", () => {
  test("shows every reading in words, and older ones on request", async () => {
    const older = {
      accesses: [{ id: "acc_99", at: "2020-01-01T10:00:00Z", endpoint: "/v1/x", rows: 7 }],
      next: null,
    };
    const accesses = vi.fn().mockResolvedValueOnce(ACCESSES).mockResolvedValueOnce(older);
    renderIn(<AppDetail grantId="grant_1" />, { ...READ, accesses });
    await screen.findAllByText("What you hold");
    expect(screen.getAllByText("/api/v1/holdings").length).toBeGreaterThan(1);
    press("Show older ones");
    await screen.findByText("7 entries");
    expect(accesses).toHaveBeenLastCalledWith("grant_1", ACCESSES.next);
    expect(screen.queryByRole("button", { name: "Show older ones" })).toBeNull();
  });

  test("gives each receipt as it was signed", async () => {
    const saved = vi.spyOn(download, "saveJson").mockImplementation(() => undefined);
    renderIn(<AppDetail grantId="grant_1" />, READ);
    fireEvent.click(
      (await screen.findAllByRole("button", { name: /Download the receipt: Access given/ }))[0] as Element,
    );
    expect(saved).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/given\.json$/), RECEIPTS[1]?.file);
  });

  test("of somebody else is not there", async () => {
    renderIn(<AppDetail grantId="grant_of_another" />, READ);
    await screen.findByText(/may belong to somebody else/);
  });

  test.each([
    ["/api/v1/holdings", "holdings"],
    ["GET /v1/transactions", "transactions"],
    ["/api/v1/integrations/{wallet_id}/resync", "resync"],
    ["/api/v1/newer", "other"],
  ])("%s is told as %s", (endpoint, what) => expect(whatOf(endpoint)).toBe(what));
});

describe("connected accounts", () => {
  test("are removed after saying what is deleted", async () => {
    const disconnect = vi.fn(async () => undefined);
    renderIn(<Accounts />, { ...READ, disconnect });
    await screen.findByText("Savings");
    press("Remove Savings");
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText(/is deleted here, for every app/)).toBeTruthy();
    fireEvent.click(dialog.getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(disconnect).toHaveBeenCalledExactlyOnceWith("wallet_1"));
    await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
  });

  test("that are paused say so, whatever their last state was", () => {
    expect(stateOf({ status: "COMPLETED", is_paused: true })).toBe("paused");
    expect(
      ["active", "ONGOING", "COMPLETED", "PARTIALLY SYNCED", "FAILED", "NEW"].map((status) =>
        stateOf({ status, is_paused: false }),
      ),
    ).toEqual(["reading", "reading", "done", "partial", "failed", "reading"]);
  });
});

describe("erasing", () => {
  test("needs the word and the mailed code, and nothing is sent before", async () => {
    const erase = vi.fn(async () => ({ erasure_id: "era_1", key: "key" }));
    const startErasure = async () => ({ challenge: "challenge_1" });
    const { account } = renderIn(<Data />, { erase, startErasure });
    press("Erase everything…");
    await screen.findByText("This is what happens");
    press("Erase everything");
    expect(await screen.findByText("The code has six digits.")).toBeTruthy();
    fireEvent.input(screen.getByLabelText("Code from the mail"), { target: { value: "123456" } });
    fireEvent.input(screen.getByLabelText("Type “erase” to confirm"), { target: { value: "Erase " } });
    press("Erase everything");
    await waitFor(() => expect(account.erasing).toHaveBeenCalledWith({ erasure_id: "era_1", key: "key" }));
    expect(erase).toHaveBeenCalledExactlyOnceWith({ challenge: "challenge_1", code: "123456" });
  });

  test("a guest is asked for no code, and may keep everything", async () => {
    const erase = vi.fn();
    renderIn(<Data />, { erase, startErasure: async () => ({ challenge: null }) }, { person: GUEST.person });
    press("Erase everything…");
    await screen.findByText("This is what happens");
    expect(screen.queryByLabelText("Code from the mail")).toBeNull();
    press("Keep my data");
    expect(screen.queryByText("This is what happens")).toBeNull();
    expect(erase).not.toHaveBeenCalled();
  });

  test("is followed to its proof, which can be had again", async () => {
    vi.useFakeTimers();
    const proof = { proof: "a.b.c" };
    const erasure = vi
      .fn()
      .mockResolvedValueOnce({ state: "erasing", counts: { transactions: 3 }, proof: null })
      .mockRejectedValueOnce(new ApiError({ code: "OFFLINE" }))
      .mockResolvedValue({ state: "done", counts: { transactions: 3, users: 1 }, proof });
    const saved = vi.spyOn(download, "saveJson").mockImplementation(() => undefined);
    renderIn(<Erasing erasure={{ erasure_id: "era_1", key: "key" }} />, { erasure });
    await vi.waitFor(() => screen.getByText("3 rows erased so far"));
    await vi.advanceTimersByTimeAsync(1_500);
    await vi.waitFor(() => screen.getByText("No connection"));
    await vi.advanceTimersByTimeAsync(1_500);
    await vi.waitFor(() => screen.getByText("4 rows of data were deleted, for good."));
    vi.useRealTimers();
    press("Download the proof");
    press("Download the proof");
    expect(saved).toHaveBeenCalledTimes(2);
    expect(saved).toHaveBeenLastCalledWith("kryptos-erasure-proof-era_1.json", proof);
  });
});

describe("coming back", () => {
  test("a guest adds an address, and goes on as the person with it", async () => {
    const verifyEmail = vi.fn(async () => ({ session: PERSON, hasClaimed: true }));
    const startEmail = vi.fn(async () => ({ challenge: "challenge_1" }));
    const { account } = renderIn(<Data />, { startEmail, verifyEmail }, { person: GUEST.person });
    fireEvent.input(screen.getByLabelText("E-mail address"), { target: { value: "anna@example.com" } });
    press("Send a code");
    fireEvent.input(await screen.findByLabelText("Code from the mail"), { target: { value: "123456" } });
    await waitFor(() => expect(account.goOnAs).toHaveBeenCalledWith(PERSON));
    expect(startEmail).toHaveBeenCalledWith("anna@example.com", "en");
  });

  test("a new management link is shown, and copied on request", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    const url = "https://connect.example/account#manage=k3y";
    renderIn(<Data />, { managementLink: async () => ({ url }) }, { person: GUEST.person });
    press("Make a new link");
    expect((await screen.findByLabelText<HTMLInputElement>("Your new link")).value).toBe(url);
    press("Copy");
    await screen.findByRole("button", { name: "Copied" });
    expect(writeText).toHaveBeenCalledWith(url);
    vi.unstubAllGlobals();
  });
});
