import { expect, test, vi } from "vitest";
import { createReport, harmless } from "../../src/app/reporting.js";
import { fakeHost } from "../support/connect.js";

test("what looks like a secret is dropped, short words stay", () => {
  const details = {
    provider: "ethereum",
    count: 3,
    guest: true,
    address: "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa",
    mail: "anna@example.com",
    code: "123456",
    token: "link_abc",
    nested: { key: "value" },
  };
  expect(harmless(details)).toEqual({ provider: "ethereum", count: 3, guest: true });
});

test("every event has session and request id", () => {
  const host = fakeHost();
  const record = vi.fn();
  const report = createReport({ host, api: { record, lastRequestId: "req_1" }, sessionId: () => "ls_1" });
  report("opened");
  report("error", { code: "TIMEOUT", request_id: "req_2" });
  expect(vi.mocked(host.event).mock.calls.map(([event]) => event)).toMatchObject([
    { name: "opened", sessionId: "ls_1", requestId: "req_1" },
    { name: "error", sessionId: "ls_1", requestId: "req_2", details: { code: "TIMEOUT" } },
  ]);
  expect(record).toHaveBeenLastCalledWith("error", { code: "TIMEOUT", request_id: "req_2" });

  report("completed");
  expect(record).toHaveBeenCalledTimes(2);
  expect(host.event).toHaveBeenCalledTimes(3);
});
