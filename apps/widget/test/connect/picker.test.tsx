/** The picker: search, keyboard, sections, and what stands there when there is nothing to show. */

import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Connect } from "../../src/contracts.js";
import { Picker } from "../../src/screens/Picker.js";
import { countsOf, sectionsFor, stockOf } from "../../src/screens/picking/rows.js";
import { fakeApi, fakeHost } from "../support/connect.js";
import {
  connection,
  EVM,
  failure,
  OFFERED,
  PRIVATE_KEY,
  provider,
  renderLive,
  SANDBOX,
  SANDBOX_SESSION,
  toldBy,
} from "./fixtures.js";

beforeAll(() => {
  Element.prototype.scrollIntoView ??= () => undefined;
});

async function open(given: Partial<Connect> = {}) {
  const shown = renderLive(<Picker />, {
    api: fakeApi({ connections: async () => [] }),
    host: fakeHost({ ask: vi.fn(async () => []) as never }),
    ...given,
  });
  const field = await screen.findByRole("combobox");
  const type = (text: string) => fireEvent.input(field, { target: { value: text } });
  const press = (key: string) => fireEvent.keyDown(field, { key });
  const active = () => {
    const id = field.getAttribute("aria-activedescendant");
    return id ? document.getElementById(id)?.querySelector(".row-title")?.textContent : null;
  };
  const titles = () =>
    screen.queryAllByRole("option").map((each) => each.querySelector(".row-title")?.textContent);
  return { ...shown, field, type, press, active, titles };
}

describe("the list", () => {
  test("popular first is left out where there are few; what works comes before what does not", async () => {
    const { titles } = await open();
    expect(titles()).toEqual(["Base", "Bitcoin", "Ethereum", "Linea", "MetaMask", "Solana", "Aeternity"]);
    expect(screen.getByRole("option", { name: /Aeternity/ }).getAttribute("aria-disabled")).toBe("true");
  });

  test("a provider in trouble says so before anything is typed", async () => {
    await open();
    expect(within(screen.getByRole("option", { name: /Linea/ })).getByText("Hard to reach")).toBeTruthy();
  });

  test("tabs count, and an empty one says why", async () => {
    const { titles } = await open();
    expect(screen.getByRole("tab", { name: /Wallets/ }).textContent).toContain("1");
    fireEvent.click(screen.getByRole("tab", { name: /Wallets/ }));
    expect(titles()).toEqual(["MetaMask"]);
    fireEvent.click(screen.getByRole("tab", { name: /Exchanges/ }));
    expect(screen.getByText("Exchanges cannot be connected yet")).toBeTruthy();
  });

  test("what was connected before and the browser's wallets come first", async () => {
    const wallets = [{ id: "w", name: "Rabby", family: "evm", canProve: true }];
    const { connect } = await open({
      api: fakeApi({ connections: async () => [connection({ provider: "solana" })] }),
      host: fakeHost({ ask: vi.fn(async () => wallets) as never }),
    });
    const browser = await screen.findByRole("option", { name: /Wallets in this browser/ });
    const groups = screen.getAllByRole("group").map((each) => each.getAttribute("aria-label"));
    expect(groups.slice(0, 2)).toEqual(["In your browser", "Connected before"]);
    fireEvent.click(browser);
    expect(connect.go).toHaveBeenCalledWith({ name: "browser-wallets" });
  });

  test("a failed load tells why and can be tried again", async () => {
    const providers = vi.fn().mockRejectedValueOnce(failure("OFFLINE")).mockResolvedValue(OFFERED);
    renderLive(<Picker />, {
      providers,
      api: fakeApi({ connections: async () => [] }),
      host: fakeHost({ ask: vi.fn(async () => []) as never }),
    });
    expect(await screen.findByText("No connection")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("combobox")).toBeTruthy();
  });

  test("nobody has to connect anything", async () => {
    const { connect } = await open();
    fireEvent.click(screen.getByRole("button", { name: "Skip for now" }));
    expect(connect.go).toHaveBeenCalledWith({ name: "status" });
  });
});

describe("the keyboard", () => {
  test("arrows, Home, End and Enter walk the list while the focus stays in the field", async () => {
    const { press, active, connect, field } = await open();
    expect(active()).toBeNull();
    press("ArrowDown");
    expect(active()).toBe("Base");
    press("ArrowDown");
    expect(active()).toBe("Bitcoin");
    press("End");
    expect(active()).toBe("Aeternity");
    press("Enter");
    expect(connect.go).not.toHaveBeenCalled(); // it cannot be connected yet
    press("ArrowDown");
    expect(active()).toBe("Base");
    press("ArrowUp");
    press("ArrowUp");
    expect(active()).toBe("Solana");
    press("Home");
    press("Enter");
    expect(connect.go).toHaveBeenCalledWith({ name: "form", providerId: "base" });
    expect(document.activeElement).toBe(field);
  });

  test("a search makes its first result active, so that Enter takes it", async () => {
    const { type, press, active, connect } = await open();
    type("etherium");
    expect(active()).toBe("Ethereum");
    press("Enter");
    expect(connect.go).toHaveBeenCalledWith({ name: "form", providerId: "ethereum" });
  });

  test("the first Esc empties the field and stays within; the next is the widget's", async () => {
    const { type, field, titles } = await open();
    const outside = vi.fn();
    document.addEventListener("keydown", outside);
    type("sol");
    expect(titles()).toEqual(["Solana"]);
    fireEvent.keyDown(field, { key: "Escape" });
    expect(outside).not.toHaveBeenCalled();
    expect((field as HTMLInputElement).value).toBe("");
    fireEvent.keyDown(field, { key: "Escape" });
    expect(outside).toHaveBeenCalledTimes(1);
    document.removeEventListener("keydown", outside);
  });

  test("keys with a modifier or within a composition are left alone", async () => {
    const { field, active } = await open();
    fireEvent.keyDown(field, { key: "ArrowDown", ctrlKey: true });
    fireEvent.keyDown(field, { key: "ArrowDown", isComposing: true });
    expect(active()).toBeNull();
  });
});

describe("what is typed", () => {
  test.each([
    [EVM, EVM],
    ["Vitalik.eth", "vitalik.eth"],
  ])("%s is recognised and offered first", async (text, address) => {
    const { type, press, active, connect } = await open();
    type(text);
    expect(active()).toBe("Use this address");
    press("Enter");
    expect(connect.go).toHaveBeenCalledWith({ name: "address", address });
  });

  test("a private key is warned of at once, and neither searched, offered nor told to anybody", async () => {
    const { type, connect, field } = await open();
    type(PRIVATE_KEY);
    expect(screen.getByRole("alert").textContent).toContain("Never enter this anywhere");
    expect(screen.queryAllByRole("option")).toEqual([]);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(connect.go).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Clear the field" }));
    expect((field as HTMLInputElement).value).toBe("");
    expect(toldBy(connect)).not.toContain(PRIVATE_KEY.slice(0, 8));
  });

  test("nothing found offers an address and a request, and says what a request does", async () => {
    const { type, connect } = await open();
    type("kraken pro");
    expect(screen.getByText("Nothing found for “kraken pro”")).toBeTruthy();
    expect(screen.getByText(/adds a note to the record of this visit, which Ledgerly can read/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Ask for “kraken pro”" }));
    expect(connect.report).toHaveBeenCalledWith("provider_requested", { query: "kraken pro" });
    expect(await screen.findByText(/Noted/)).toBeTruthy();
  });

  test("what may be part of a recovery phrase is not offered as a request", async () => {
    const { type } = await open();
    type("abandon ability able about above absent");
    expect(screen.queryByRole("button", { name: /Ask for/ })).toBeNull();
  });

  test("what is in another category is shown on demand", async () => {
    const { type, titles } = await open();
    fireEvent.click(screen.getByRole("tab", { name: /Wallets/ }));
    type("bitcoin");
    fireEvent.click(screen.getByRole("button", { name: "Show 1 result of all kinds" }));
    expect(titles()).toEqual(["Bitcoin"]);
  });
});

describe("in the sandbox", () => {
  const sandbox = (api: Parameters<typeof fakeApi>[0]) =>
    open({
      session: SANDBOX_SESSION,
      providers: async () => SANDBOX,
      api: fakeApi({ connections: async () => [], ...api }),
    });

  test("a test account stands first and one press connects it", async () => {
    const connecting = vi.fn(async () => connection({ persona: "trader" }));
    const { connect, titles } = await sandbox({ connect: connecting });
    expect(titles().slice(0, 2)).toEqual(["Trader", "Solana saver"]);
    fireEvent.click(screen.getByRole("option", { name: /^Trader/ }));
    await waitFor(() => expect(connect.go).toHaveBeenCalledWith({ name: "status" }, { replace: true }));
    expect(connecting).toHaveBeenCalledWith({ provider: "ethereum", persona: "trader" });
  });

  test("one that is connected already leads to its connection; nothing happens twice", async () => {
    const connecting = vi
      .fn()
      .mockRejectedValue(failure("DUPLICATE_CONNECTION", { status: 409, existingWalletId: "wallet_7" }));
    const looking = vi.fn(async () => connection({ wallet_id: "wallet_7" }));
    const { connect, latest } = await sandbox({ connect: connecting, connection: looking });
    fireEvent.click(screen.getByRole("option", { name: /^Trader/ }));
    fireEvent.click(await screen.findByRole("button", { name: "Show the connected account" }));
    await waitFor(() => expect(connect.go).toHaveBeenCalled());
    expect(connecting).toHaveBeenCalledTimes(1);
    expect(latest.current.map((each) => each.wallet_id)).toEqual(["wallet_7"]);
  });
});

describe("rows", () => {
  const many = Array.from({ length: 300 }, (_, at) =>
    provider(`chain-${at}`, `Chain ${String(at).padStart(3, "0")}`, { rank: at % 10 === 0 ? at : null }),
  );
  const stock = stockOf({ providers: many, test_accounts: [] });
  const question = { category: "all", query: "", wallets: [], hasWalletConnect: false, used: [] } as const;

  test("each provider stands in one section, the popular by rank, the others by name", () => {
    const sections = sectionsFor(stock, question);
    expect(sections.map((each) => [each.id, each.rows.length])).toEqual([
      ["popular", 12],
      ["others", 288],
    ]);
    const keys = sections.flatMap((each) => each.rows.map((row) => row.key));
    expect(new Set(keys).size).toBe(300);
    const others = sections[1]?.rows.map((row) => row.key) ?? [];
    expect(others).toEqual([...others].sort((one, other) => Number(one.slice(6)) - Number(other.slice(6))));
  });

  test("the counts of the tabs add up", () => {
    const { all, exchange, blockchain, wallet } = countsOf(stockOf(OFFERED));
    expect(all).toBe(exchange + blockchain + wallet);
  });
});
