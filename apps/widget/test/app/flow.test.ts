import { describe, expect, test } from "vitest";
import { whereNext, whereNow } from "../../src/app/flow.js";
import type { Connection, Provider, Session } from "../../src/contracts.js";
import { CONFIG, fakeApi, SESSION } from "../support/connect.js";

const user = { user_id: "user_1", is_anonymous: false, email: "anna@example.com" };
const workspace = { workspace_id: "ws_1", name: "Home", role: "owner", can_share: true } as const;
const consent = { scopes: ["openid"], given_at: "2030-01-01T00:00:00Z" };
const consented: Session = { ...SESSION, user, workspace, consent, stage: "INTEGRATION" };

const ethereum = { id: "ethereum", publicName: "Ethereum", aliases: ["eth"] } as unknown as Provider;

function next(session: Session, integrationName: string | null = null) {
  return whereNext(true, {
    session,
    config: { ...CONFIG, integrationName },
    api: fakeApi({
      connection: async () => ({ provider: "bitcoin", address: "bc1q" }) as unknown as Connection,
    }),
    providers: async () => ({ providers: [ethereum], test_accounts: [] }),
  });
}

describe("where one should be", () => {
  test.each([
    ["nobody has signed in", SESSION, true, "landing"],
    ["somebody else has signed in", consented, false, "landing"],
    ["there are several workspaces", { ...SESSION, user }, true, "workspace"],
    ["nothing was consented to", { ...SESSION, user, workspace }, true, "consent"],
    ["consent was given here", consented, true, "picker"],
    ["a grant is continued", { ...SESSION, is_resumed: true }, false, "picker"],
  ] as const)("when %s", (_, session, isBound, screen) => {
    expect(whereNow(session, isBound).name).toBe(screen);
  });

  test("an app that names a provider leads to its form", async () => {
    expect(await next(consented, "ETH")).toEqual({ name: "form", providerId: "ethereum" });
  });

  test("a provider nobody knows is told", async () => {
    expect(await next(consented, "nowhere")).toMatchObject({
      name: "problem",
      failure: { code: "UNKNOWN_INTEGRATION", message: "nowhere" },
    });
  });

  test("a repair leads to the form of what is broken", async () => {
    const session = { ...SESSION, is_resumed: true, repaired_wallet_id: "wallet_1" };
    expect(await next(session)).toEqual({ name: "form", providerId: "bitcoin", address: "bc1q" });
  });
});
