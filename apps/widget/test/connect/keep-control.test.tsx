/** On the overview: how a guest keeps a way back, and where everybody else finds what the app reads. */

import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, test, vi } from "vitest";
import type { Api, Connect, Session } from "../../src/contracts.js";
import { KeepControl } from "../../src/screens/status/keep-control.js";
import { fakeApi, SESSION } from "../support/connect.js";
import { failure, renderLive } from "./fixtures.js";

const GUEST: Session = { ...SESSION, user: { user_id: "user_1", is_anonymous: true, email: null } };
const PERSON: Session = {
  ...SESSION,
  user: { user_id: "user_1", is_anonymous: false, email: "anna@example.com" },
};
const URL = "https://connect.example/account#manage=k3y";

const open = (session: Session, api: Partial<Api> = {}, rest: Partial<Connect> = {}) =>
  renderLive(<KeepControl />, { session, api: fakeApi(api), ...rest });

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

test("a guest gets a link: shown once, to copy or to open elsewhere; nobody is told of it", async () => {
  const { connect } = open(GUEST, { managementLink: async () => ({ url: URL }) });
  press("Get a management link");
  expect((await screen.findByLabelText<HTMLInputElement>("Your new link")).value).toBe(URL);
  const link = screen.getByRole<HTMLAnchorElement>("link", { name: "Open in a new tab" });
  expect([link.href, link.target, link.rel]).toEqual([URL, "_blank", "noopener noreferrer"]);
  expect(JSON.stringify(vi.mocked(connect.report).mock.calls)).not.toContain("k3y");
});

test("a guest adds an address, and stays in the session", async () => {
  const startAddress = vi.fn(async () => undefined);
  const addAddress = vi.fn(async () => undefined);
  const { connect } = open(GUEST, { startAddress, addAddress, session: async () => PERSON });
  press("Add an e-mail address");
  const field = await screen.findByLabelText("E-mail address");
  await waitFor(() => expect(document.activeElement).toBe(field));
  fireEvent.input(field, { target: { value: "anna@example.com" } });
  press("Continue");
  fireEvent.input(await screen.findByLabelText("Code from the mail"), { target: { value: "123456" } });
  await waitFor(() => expect(connect.setSession).toHaveBeenCalledWith(PERSON));
  expect(startAddress).toHaveBeenCalledExactlyOnceWith("anna@example.com");
  expect(addAddress).toHaveBeenCalledExactlyOnceWith("anna@example.com", "123456");
});

test("a guest whose key is lost is told why it cannot be done", async () => {
  const refused = () => Promise.reject(failure("WIDGET_KEY_REQUIRED", { status: 403 }));
  open(GUEST, { managementLink: refused });
  press("Get a management link");
  await screen.findByText("This cannot be done from here");
});

test("somebody with an address is shown the way to the consent centre", () => {
  open(PERSON);
  const link = screen.getByRole<HTMLAnchorElement>("link", { name: "Open the consent centre" });
  expect([new window.URL(link.href).pathname, link.target]).toEqual(["/account", "_blank"]);
});
