/** The modal: open while `open` is true, whoever says so. */

import { act, fireEvent, render, screen } from "@testing-library/react-native";
import * as React from "react";
import { Text } from "react-native";
import { KryptosConnectModal, type KryptosConnectModalProps, KryptosConnectProvider } from "../src/index";
import { Page } from "./support/page";
import { begin, CONFIG, isOpen, onError, onlyCode, onSuccess, press } from "./support/screen";
import { leave } from "./support/trouble";
import { views } from "./support/webview";

beforeEach(begin);

const generateLinkToken = jest.fn(async () => "link_1");
const setOpen = jest.fn();

function App({ initially = false, ...props }: Partial<KryptosConnectModalProps> & { initially?: boolean }) {
  const [open, setIsOpen] = React.useState(initially);
  const tell = (isNowOpen: boolean): void => {
    setOpen(isNowOpen);
    setIsOpen(isNowOpen);
  };
  return (
    <KryptosConnectProvider config={CONFIG}>
      <Text onPress={() => setIsOpen(!open)}>{open ? "Put away" : "Open"}</Text>
      <KryptosConnectModal
        open={open}
        setOpen={tell}
        {...{ generateLinkToken, onSuccess, onError }}
        {...props}
      />
    </KryptosConnectProvider>
  );
}

test("it opens, ends with a token, and says that it is closed", async () => {
  render(<App />);
  expect(isOpen()).toBe(false);
  const page = await press("Open");
  await page.ready();
  expect(page.heard[2]).toMatchObject({ type: "token", linkToken: "link_1" });
  await page.say({ type: "success", publicToken: "public_1" });
  expect(onSuccess.mock.calls).toEqual([[{ public_token: "public_1" }]]);
  expect(setOpen.mock.calls).toEqual([[false]]);
  expect(isOpen()).toBe(false);
  await press("Open");
  expect(isOpen()).toBe(true);
  expect(generateLinkToken).toHaveBeenCalledTimes(2);
});

test("the app puts it away: an error, once", async () => {
  render(<App />);
  await (await press("Open")).ready();
  await press("Put away");
  expect(onlyCode()).toBe("USER_EXIT");
  expect(isOpen()).toBe(false);
});

test("open at mount opens, in StrictMode once", async () => {
  render(
    <React.StrictMode>
      <App initially />
    </React.StrictMode>,
  );
  await act(async () => {});
  expect(views.filter(({ isMounted }) => isMounted)).toHaveLength(1);
  expect(generateLinkToken).toHaveBeenCalledTimes(1);
  expect(onError).not.toHaveBeenCalled();
  const page = new Page();
  await page.ready();
  await page.say({ type: "exit", code: "USER_EXIT", message: "Left." });
  expect(onlyCode()).toBe("USER_EXIT");
});

test("unmounted while open: one error", async () => {
  const view = render(<App initially />);
  await act(async () => {});
  view.unmount();
  expect(onlyCode()).toBe("HOST_UNMOUNTED");
});

test("unmounted at once, it never opens", async () => {
  render(<App initially />).unmount();
  await act(async () => {});
  expect(generateLinkToken).not.toHaveBeenCalled();
  expect(onError).not.toHaveBeenCalled();
});

test("an app that leaves open true is not opened again by that", async () => {
  const view = render(<App open setOpen={setOpen} />);
  await act(async () => {});
  const page = new Page();
  await page.ready();
  await page.say({ type: "success", publicToken: null });
  view.rerender(<App open setOpen={setOpen} />);
  await act(async () => {});
  expect(isOpen()).toBe(false);
  expect(onSuccess.mock.calls).toEqual([[null]]);
});

test("a second one is told that another is open, and closes", async () => {
  const other = jest.fn();
  const setOther = jest.fn();
  render(
    <>
      <App initially />
      <KryptosConnectModal open setOpen={setOther} onConnectError={other} />
    </>,
  );
  await act(async () => {});
  expect(other.mock.calls[0]?.[0].code).toBe("ALREADY_OPEN");
  expect(setOther.mock.calls).toEqual([[false]]);
  expect(onError).not.toHaveBeenCalled();
  await leave();
});

test("a page that is blocked keeps it open until it was read", async () => {
  render(<App />);
  const page = await press("Open");
  await page.say({ kryptos: 1, type: "blocked", code: "CLIENT_UNKNOWN", message: "No such client." });
  expect(onlyCode()).toBe("CLIENT_UNKNOWN");
  expect(setOpen).not.toHaveBeenCalled();
  await act(async () => void fireEvent.press(screen.getByRole("button", { name: "Close" })));
  expect(setOpen.mock.calls).toEqual([[false]]);
});
