/** The form of an address: looking up chains, what is wrong told where it is, and nothing typed lost. */

import { act, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Api, Connect, Session } from "../../src/contracts.js";
import { AddressChoice } from "../../src/screens/AddressChoice.js";
import { ProviderForm } from "../../src/screens/ProviderForm.js";
import { CONFIG, fakeApi, SESSION } from "../support/connect.js";
import {
  connection,
  detected,
  EVM,
  failure,
  OFFERED,
  PRIVATE_KEY,
  renderLive,
  SANDBOX,
  SANDBOX_SESSION,
  SOLANA,
  toldBy,
} from "./fixtures.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(milliseconds);
  });
const PHRASE = "abandon ability able about above absent absorb abstract absurd abuse access accident";

interface Given extends Partial<Omit<Connect, "api">> {
  readonly api?: Partial<Api>;
}

async function open(providerId: string, { api = {}, ...given }: Given = {}) {
  const calls = {
    detectChains: vi.fn(async () => detected(["ethereum", "base"])),
    connect: vi.fn(async () => connection()),
    ...api,
  };
  const shown = renderLive(
    providerId === "" ? <AddressChoice address={EVM} /> : <ProviderForm providerId={providerId} />,
    { api: fakeApi(calls), ...given },
  );
  await pass(0);
  const address = () =>
    shown.container.querySelector<HTMLInputElement>('input[name="address"]') as HTMLInputElement;
  const type = (text: string) => fireEvent.input(address(), { target: { value: text } });
  const submit = async () => {
    fireEvent.submit(shown.container.querySelector("form") as HTMLFormElement);
    await pass(0);
  };
  const chips = () =>
    [...shown.container.querySelectorAll<HTMLElement>(".chain-picker > .chain-chips > .chain-chip")].map(
      (each) =>
        `${each.getAttribute("aria-pressed") === "true" ? "+" : "-"}${each.querySelector("span:nth-child(2)")?.textContent}`,
    );
  return { ...shown, calls, address, type, submit, chips };
}

describe("looking up chains", () => {
  test("waits until the person pauses for half a second, then asks once", async () => {
    const { type, calls } = await open("metamask");
    for (const length of [10, 41, 42]) {
      type(EVM.slice(0, length));
      await pass(300);
    }
    expect(calls.detectChains).not.toHaveBeenCalled();
    await pass(199);
    expect(calls.detectChains).not.toHaveBeenCalled();
    await pass(1);
    expect(calls.detectChains).toHaveBeenCalledTimes(1);
    expect(calls.detectChains).toHaveBeenCalledWith(EVM, expect.any(AbortSignal));
  });

  test("all that was found is chosen; one or all can be taken out and put back", async () => {
    const { type, chips, submit, calls } = await open("metamask");
    type(EVM);
    expect(screen.getByText(/Looking for the chains/)).toBeTruthy();
    await pass(500);
    expect(chips()).toEqual(["+Ethereum", "+Base"]);
    fireEvent.click(screen.getByRole("button", { name: "Remove all" }));
    expect(chips()).toEqual(["-Ethereum", "-Base"]);
    await submit();
    expect(screen.getByText(/Choose at least one chain/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Select all" }));
    fireEvent.click(screen.getAllByRole("button", { name: "Ethereum" })[0] as HTMLElement);
    await submit();
    expect(calls.connect).toHaveBeenCalledExactlyOnceWith({
      provider: "metamask",
      address: EVM,
      chains: ["base"],
    });
  });

  test("a chain that was picked is chosen whatever is found", async () => {
    const { type, submit, calls } = await open("linea");
    type(EVM);
    await pass(500);
    await submit();
    expect(calls.connect).toHaveBeenCalledWith(
      expect.objectContaining({ provider: "linea", chains: ["linea", "ethereum", "base"] }),
    );
  });

  test("chains that gave no answer are named and can be asked again at once", async () => {
    const unsure = detected(["ethereum"], ["base", "linea"]);
    const { type, calls } = await open("metamask", { api: { detectChains: vi.fn(async () => unsure) } });
    type(EVM);
    await pass(500);
    expect(screen.getByText("Could not look at Base and Linea.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Look again" }));
    await pass(0);
    expect(calls.detectChains).toHaveBeenCalledTimes(2);
  });

  test("a failed lookup chooses nothing, says why, and leaves the choice to the person", async () => {
    const { type, submit, chips, calls } = await open("metamask", {
      api: {
        detectChains: vi.fn().mockRejectedValue(failure("RATE_LIMIT_EXCEEDED", { retryAfterSeconds: 7 })),
      },
    });
    type(EVM);
    await pass(500);
    expect(screen.getByText("Wait 7 seconds, then try again.")).toBeTruthy();
    expect(chips().filter((each) => each.startsWith("+"))).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Base" }));
    await submit();
    expect(calls.connect).toHaveBeenCalledWith({ provider: "metamask", address: EVM, chains: ["base"] });
  });

  test("used nowhere and nobody answered are different things", async () => {
    const detectChains = vi.fn(async () => detected([], [], 40));
    const { type } = await open("metamask", { api: { detectChains } });
    type(EVM);
    await pass(500);
    expect(screen.getByText(/not used yet on any of the 40 chains/)).toBeTruthy();
    detectChains.mockResolvedValue(detected([], ["ethereum"], 0));
    type(EVM.toUpperCase().replace("0X", "0x"));
    await pass(500);
    expect(screen.getByText(/No chain answered/)).toBeTruthy();
  });

  test("an answer that comes after the text has changed is dropped", async () => {
    let answer: (value: ReturnType<typeof detected>) => void = () => undefined;
    const late = new Promise<ReturnType<typeof detected>>((resolve) => {
      answer = resolve;
    });
    const detectChains = vi
      .fn()
      .mockReturnValueOnce(late)
      .mockResolvedValue(detected(["base"]));
    const { type, chips } = await open("metamask", { api: { detectChains } });
    type(EVM);
    await pass(500);
    type(EVM.replace("0x47", "0x48"));
    answer(detected(["ethereum"]));
    await pass(500);
    expect(chips().filter((each) => each.startsWith("+"))).toEqual(["+Base"]);
  });

  test("where there is one chain alone nobody is asked", async () => {
    const { type, submit, calls } = await open("solana");
    type(SOLANA);
    await pass(2_000);
    await submit();
    expect(calls.detectChains).not.toHaveBeenCalled();
    expect(calls.connect).toHaveBeenCalledWith({ provider: "solana", address: SOLANA });
  });

  test("a name is looked up first, and what it stands for is shown and connected", async () => {
    const resolveName = vi.fn(async () => ({ address: EVM }));
    const { type, submit, calls } = await open("metamask", { api: { resolveName } });
    type("Somebody.eth");
    await pass(500);
    expect(screen.getByText("Somebody.eth stands for 0x47c2…fcfa")).toBeTruthy();
    await submit();
    expect(calls.connect).toHaveBeenCalledWith(expect.objectContaining({ address: EVM }));
  });

  test("the app's address is there from the start, unless it cannot be one of this provider", async () => {
    const config = { ...CONFIG, prefill: { address: EVM, accountName: "Savings" } };
    const { address, calls, submit } = await open("ethereum", { config });
    expect(address().value).toBe(EVM);
    await pass(500);
    await submit();
    expect(calls.connect).toHaveBeenCalledWith(expect.objectContaining({ address: EVM, alias: "Savings" }));
    expect((await open("solana", { config })).address().value).toBe("");
  });
});

describe("secrets", () => {
  test.each([PRIVATE_KEY, `0x${PRIVATE_KEY}`, PHRASE])(
    "%s is warned of at once and leaves the page by no way",
    async (secret) => {
      const { type, submit, connect, address } = await open("metamask", {
        api: { detectChains: undefined as never, connect: undefined as never },
      });
      type(secret);
      expect(screen.getByText("Never enter this anywhere")).toBeTruthy();
      await pass(5_000);
      await submit(); // any call of the API would fail this test
      expect(toldBy(connect)).toBe("[]");
      fireEvent.click(screen.getByRole("button", { name: "Clear the field" }));
      expect(address().value).toBe("");
    },
  );

  test("addresses are never told to the app either", async () => {
    const { type, submit, connect } = await open("metamask");
    type(EVM);
    await pass(500);
    await submit();
    expect(connect.report).toHaveBeenCalled();
    expect(toldBy(connect)).not.toContain(EVM);
  });
});

describe("what is wrong is told where it is, and what was typed stays", () => {
  const cases: readonly (readonly [string, Parameters<typeof failure>[1], RegExp])[] = [
    ["ADDRESS_INVALID", {}, /capital letters are a check/],
    ["OFFLINE", { status: 0 }, /internet cannot be reached/],
    ["TIMEOUT", { status: 0 }, /took too long/],
    ["RATE_LIMIT_EXCEEDED", { status: 429, retryAfterSeconds: 180 }, /Wait 3 minutes/],
    ["PROVIDER_NOT_SUPPORTED", {}, /cannot read it yet/],
    ["PROVIDER_NOT_FOUND", { status: 404 }, /Go back and choose something else/],
    ["SERVICE_UNAVAILABLE", { status: 503 }, /back in a moment/],
    ["INTERNAL_ERROR", { status: 500 }, /our side/],
    ["VALIDATION_ERROR", { fields: ["chains"] }, /no more than 50/],
    ["VALIDATION_ERROR", { fields: ["alias"] }, /1 to 100 characters/],
    ["VALIDATION_ERROR", { fields: [] }, /Check address and chains/],
    ["CONSENT_REQUIRED", { status: 409 }, /Agree once more/],
    ["SOMETHING_NEW", { requestId: "req_9" }, /support this number: req_9/],
  ];
  test.each(cases)("%s %o", async (code, rest, said) => {
    const { type, submit, address } = await open("metamask", {
      api: { connect: vi.fn().mockRejectedValue(failure(code, rest)) },
    });
    type(EVM);
    await pass(500);
    await submit();
    expect(screen.getByText(said)).toBeTruthy();
    expect(address().value).toBe(EVM);
  });

  test("nothing entered, or no address, is told before anybody is asked", async () => {
    const { type, submit, address } = await open("metamask");
    await submit();
    expect(screen.getByText("Enter the address of the account.")).toBeTruthy();
    expect(document.activeElement).toBe(address());
    type("my wallet");
    await submit();
    expect(screen.getByText(/This is not an address/)).toBeTruthy();
  });

  test("an address of another kind of chain is told at once, with the way on", async () => {
    const { type, connect } = await open("solana");
    type(EVM);
    expect(screen.getByText("This is an address of another kind of chain, not of Solana.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Find the chains of this address" }));
    expect(connect.go).toHaveBeenCalledWith({ name: "address", address: EVM });
  });

  test("a missing step leads to where the session says", async () => {
    const { type, submit, connect } = await open("solana", {
      api: { connect: vi.fn().mockRejectedValue(failure("CONSENT_REQUIRED")) },
    });
    type(SOLANA);
    await submit();
    fireEvent.click(screen.getByRole("button", { name: "Continue" }));
    expect(connect.next).toHaveBeenCalled();
  });

  test("an account that is connected already leads to its connection", async () => {
    const duplicate = failure("DUPLICATE_CONNECTION", { status: 409, existingWalletId: "wallet_7" });
    const { type, submit, latest, connect, calls } = await open("solana", {
      api: {
        connect: vi.fn().mockRejectedValue(duplicate),
        connection: vi.fn(async () => connection({ wallet_id: "wallet_7" })),
      },
    });
    type(SOLANA);
    await submit();
    fireEvent.click(screen.getByRole("button", { name: "Show the connected account" }));
    await pass(0);
    expect(latest.current.map((each) => each.wallet_id)).toEqual(["wallet_7"]);
    expect(connect.go).toHaveBeenCalledWith({ name: "status" }, { replace: true });
    expect(calls.connect).toHaveBeenCalledTimes(1);
  });

  test("leaving is asked about while something typed would be lost, and only then", async () => {
    const withdraw = vi.fn();
    const { type, connect } = await open("metamask", { guard: vi.fn(() => withdraw) });
    expect(connect.guard).not.toHaveBeenCalled();
    type("0x1");
    expect(connect.guard).toHaveBeenCalledTimes(1);
    type("");
    expect(withdraw).toHaveBeenCalledTimes(1);
  });
});

describe("in the sandbox", () => {
  test("another address is refused in words, with test address and test accounts one press away", async () => {
    const { type, address, calls, connect } = await open("ethereum", {
      session: SANDBOX_SESSION,
      providers: async () => SANDBOX,
      api: { detectChains: vi.fn().mockRejectedValue(failure("SANDBOX_ADDRESS_NOT_ALLOWED")) },
    });
    type(EVM.replace("0x47", "0x11"));
    await pass(500);
    expect(screen.getByText(/no real address is read/)).toBeTruthy();
    expect(screen.queryByText("Solana saver")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Fill in the test address of Ethereum" }));
    expect(address().value).toBe(EVM);
    type(EVM.replace("0x47", "0x11"));
    await pass(500);
    fireEvent.click(screen.getByRole("button", { name: /Trader/ }));
    await pass(0);
    expect(calls.connect).toHaveBeenCalledWith({ provider: "ethereum", persona: "trader" });
    expect(connect.go).toHaveBeenCalledWith({ name: "status" }, { replace: true });
  });
});

describe("a pasted address", () => {
  test("is kept under its best known chain, or under the wallet that the person names", async () => {
    const first = await open("", {
      api: { detectChains: vi.fn(async () => detected(["base", "ethereum"])) },
    });
    await pass(500);
    await first.submit();
    expect(first.calls.connect).toHaveBeenCalledWith({
      provider: "ethereum",
      address: EVM,
      chains: ["base", "ethereum"],
    });
    first.unmount();
    const second = await open("");
    await pass(500);
    fireEvent.change(screen.getByLabelText("Kept in (optional)"), { target: { value: "metamask" } });
    await second.submit();
    expect(second.calls.connect).toHaveBeenCalledWith(expect.objectContaining({ provider: "metamask" }));
  });
});

describe("what the app asked for", () => {
  test.each(["aeternity", "no-such-thing"])("%s cannot be connected, and there is a way on", async (id) => {
    const { connect } = await open(id);
    expect(screen.getByRole("heading", { name: /cannot be connected yet/ })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Choose something else" }));
    expect(connect.go).toHaveBeenCalledWith({ name: "picker" }, { replace: true });
  });

  test("a provider in trouble says so before anything is typed", async () => {
    await open("linea");
    expect(screen.getByText("Linea is hard to reach at the moment")).toBeTruthy();
  });
});

describe("repair", () => {
  const session: Session = { ...SESSION, repaired_wallet_id: "wallet_1" };
  const broken = connection({ status: "FAILED", code: "PROVIDER_UNREACHABLE", chains: ["ethereum", "base"] });

  test("shows address, chains and reason, and connects the same account again", async () => {
    const { calls, connect } = await open("ethereum", {
      session,
      api: { connection: vi.fn(async () => broken) },
    });
    expect(screen.getByRole("heading", { name: "Repair Ethereum" })).toBeTruthy();
    expect(screen.getByText("Ethereum did not answer.")).toBeTruthy();
    expect(screen.getByText(EVM)).toBeTruthy();
    expect(screen.getByText("Ethereum and Base")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Repair" }));
    await pass(0);
    expect(calls.connect).toHaveBeenCalledWith({ provider: "ethereum", address: EVM });
    expect(connect.go).toHaveBeenCalledWith({ name: "status" }, { replace: true });
  });

  test("a test account is repaired as the test account it is", async () => {
    const { calls } = await open("ethereum", {
      session,
      providers: async () => OFFERED,
      api: { connection: vi.fn(async () => ({ ...broken, persona: "broken" })) },
    });
    fireEvent.click(screen.getByRole("button", { name: "Repair" }));
    await pass(0);
    expect(calls.connect).toHaveBeenCalledWith({ provider: "ethereum", persona: "broken" });
  });
});
