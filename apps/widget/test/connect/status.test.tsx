/** The overview: followed live, honest about what is not known, and left at any time. */

import { act, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Connect, Connection } from "../../src/contracts.js";
import { Status } from "../../src/screens/Status.js";
import { overallOf, progressOf, stageStateOf } from "../../src/screens/status/progress.js";
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS } from "../../src/screens/status/use-progress.js";
import { fakeApi } from "../support/connect.js";
import { connection, failure, renderLive, stage } from "./fixtures.js";

let visibility: DocumentVisibilityState = "visible";

beforeEach(() => {
  vi.useFakeTimers();
  visibility = "visible";
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (milliseconds: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(milliseconds);
  });
const READ = { status: "COMPLETED", chains_done: 1 } as const;

async function open(
  connected: readonly Connection[],
  api: Parameters<typeof fakeApi>[0] = {},
  rest: Partial<Connect> = {},
) {
  const shown = renderLive(<Status />, { connected, api: fakeApi(api), ...rest });
  await pass(0);
  return shown;
}

const show = (to: DocumentVisibilityState) => {
  visibility = to;
  return act(() => void document.dispatchEvent(new Event("visibilitychange")));
};

describe("following", () => {
  test("stage by stage, until everything is read; then nobody is asked any more", async () => {
    const states = [
      connection({ stages: [stage("Balances", READ), stage("Transactions")], total_transactions: 120 }),
      connection({
        status: "COMPLETED",
        stages: [stage("Balances", READ), stage("Transactions", READ)],
        total_transactions: 1234,
      }),
    ];
    const looking = vi.fn(async () => states[Math.min(looking.mock.calls.length, 2) - 1] as Connection);
    await open([connection()], { connection: looking });
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Connected. Reading your account");
    expect(screen.getByText("Looking for transactions…")).toBeTruthy();
    await pass(FIRST_PAUSE_MS);
    expect(screen.getByText("120 transactions found so far")).toBeTruthy();
    await pass(FIRST_PAUSE_MS);
    expect(screen.getByText("1,234 transactions found")).toBeTruthy();
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Your account is connected");
    await pass(60_000);
    expect(looking).toHaveBeenCalledTimes(2);
  });

  test("ever more seldom while nothing moves, and often again when something does", async () => {
    let state = connection();
    const looking = vi.fn(async () => state);
    await open([state], { connection: looking });
    await pass(FIRST_PAUSE_MS);
    await pass(FIRST_PAUSE_MS);
    expect(looking).toHaveBeenCalledTimes(1); // the second pause is longer
    await pass(120_000);
    const calls = looking.mock.calls.length;
    expect(calls).toBeLessThan(20);
    await pass(LONGEST_PAUSE_MS);
    expect(looking).toHaveBeenCalledTimes(calls + 1);
    state = connection({ total_transactions: 3 });
    await pass(LONGEST_PAUSE_MS);
    state = connection({ total_transactions: 4 });
    await pass(FIRST_PAUSE_MS);
    expect(screen.getByText("4 transactions found so far")).toBeTruthy();
  });

  test("not at all while nobody looks, and at once when somebody does again", async () => {
    const looking = vi.fn(async () => connection());
    await open([connection()], { connection: looking });
    await show("hidden");
    await pass(60_000);
    expect(looking).toHaveBeenCalledTimes(0);
    await show("visible");
    await pass(0);
    expect(looking).toHaveBeenCalledTimes(1);
  });

  test("a failed question says of when the shown state is, and goes away with the next answer", async () => {
    const looking = vi.fn().mockRejectedValueOnce(failure("OFFLINE")).mockResolvedValue(connection());
    await open([connection({ total_transactions: 5 })], { connection: looking });
    await pass(FIRST_PAUSE_MS);
    expect(screen.getByText("Could not ask how it stands")).toBeTruthy();
    expect(screen.getByText("5 transactions found so far")).toBeTruthy();
    await pass(FIRST_PAUSE_MS * 2);
    expect(screen.queryByText("Could not ask how it stands")).toBeNull();
  });

  test("what was taken back elsewhere leaves the overview", async () => {
    const { latest } = await open([connection()], {
      connection: vi.fn().mockRejectedValue(failure("INTEGRATION_NOT_FOUND")),
    });
    await pass(FIRST_PAUSE_MS);
    expect(latest.current).toEqual([]);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Nothing connected yet");
  });

  test("leaving the screen ends the questions", async () => {
    const looking = vi.fn(async () => connection());
    const { unmount } = await open([connection()], { connection: looking });
    unmount();
    await pass(60_000);
    expect(looking).not.toHaveBeenCalled();
  });
});

describe("unknown is not none", () => {
  const texts = (rest: Partial<Connection>) => {
    const api = { connection: async () => connection(rest) };
    return open([connection(rest)], api).then(
      ({ container }) => container.querySelector(".connection-found")?.textContent,
    );
  };

  test("only an account that was read to its end is said to have nothing", async () => {
    expect(await texts({ status: "COMPLETED" })).toContain("there are no transactions");
  });

  test.each(["ONGOING", "active", "PARTIALLY SYNCED", "FAILED"])("%s never says so", async (status) => {
    const said = await texts({ status, total_transactions: 0 });
    expect(said).not.toMatch(/no transactions|\b0\b/);
    expect(said?.trim()).not.toBe("");
  });

  test("a stage that failed says why, and what happens next", async () => {
    const stages = [
      stage("Balances", { status: "FAILED", code: "PROVIDER_UNREACHABLE" }),
      stage("Transactions", READ),
    ];
    await open([connection({ status: "PARTIALLY SYNCED", stages, total_transactions: 2 })], {});
    expect(screen.getByText("Ethereum did not answer.")).toBeTruthy();
    expect(screen.getByText(/there may be more. It is tried again by itself/)).toBeTruthy();
  });

  test("several chains are counted", async () => {
    await open([connection({ stages: [stage("Balances", { chains_done: 2, chains_total: 5 })] })], {});
    expect(screen.getByText("2 of 5 chains")).toBeTruthy();
  });
});

describe("what the person can do", () => {
  test("be done at any time: reading goes on", async () => {
    const { connect } = await open([connection()], {});
    expect(screen.getByText(/Reading goes on when you leave/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Done" }));
    expect(connect.finish).toHaveBeenCalledTimes(1);
  });

  test("add another", async () => {
    const { connect } = await open([connection()], {});
    fireEvent.click(screen.getByRole("button", { name: "Add another" }));
    expect(connect.go).toHaveBeenCalledWith({ name: "picker" });
  });

  test("remove one, after a question", async () => {
    const disconnect = vi.fn(async () => undefined);
    const { latest } = await open([connection()], { disconnect });
    fireEvent.click(screen.getByRole("button", { name: "Remove Ethereum" }));
    expect(disconnect).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove Ethereum" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    await pass(0);
    expect(disconnect).toHaveBeenCalledExactlyOnceWith("wallet_1");
    expect(latest.current).toEqual([]);
    expect(document.activeElement?.tagName).toBe("H1");
  });

  test("a removal that fails says why and keeps the account", async () => {
    const { latest } = await open([connection()], {
      disconnect: vi.fn().mockRejectedValue(failure("INTEGRATION_NOT_FOUND")),
    });
    fireEvent.click(screen.getByRole("button", { name: "Remove Ethereum" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    await pass(0);
    expect(screen.getByText(/connected through another app/)).toBeTruthy();
    expect(latest.current).toHaveLength(1);
  });
});

describe("words of the server", () => {
  test("what is paused is not being read", () => {
    expect(progressOf({ status: "active", code: "SYNC_PAUSED" })).toBe("failed");
    expect(progressOf({ status: "COMPLETED", code: "SYNC_PAUSED" })).toBe("done");
  });

  test("every status and stage word has its meaning, and an unknown one counts as not settled", () => {
    expect(
      ["active", "ONGOING", "COMPLETED", "PARTIALLY SYNCED", "FAILED", "NEW"].map((status) =>
        progressOf({ status }),
      ),
    ).toEqual(["reading", "reading", "done", "partial", "failed", "reading"]);
    const words = ["PENDING", "ONGOING", "COMPLETED", "PARTIALLY SYNCED", "FAILED", "NOT SUPPORTED"];
    expect(words.map((status) => stageStateOf(stage("Balances", { status })))).toEqual([
      "waiting",
      "waiting",
      "done",
      "partial",
      "failed",
      "unsupported",
    ]);
  });

  test("all together are read only when each is", () => {
    const all = (...states: readonly string[]) => overallOf(states.map((status) => connection({ status })));
    expect(all()).toBe("none");
    expect(all("COMPLETED", "ONGOING")).toBe("reading");
    expect(all("COMPLETED", "COMPLETED")).toBe("done");
    expect(all("COMPLETED", "FAILED")).toBe("partial");
    expect(all("FAILED", "FAILED")).toBe("failed");
  });
});
