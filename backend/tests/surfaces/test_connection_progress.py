"""A connection while it is read and when it is taken back: the stages that everybody sees, and that nothing stays."""

import asyncio
from typing import Any

import pytest

from kryptos.domains.clients import Mode
from kryptos.providers.contracts import CouldNotLook, Direction
from tests.support.app import App
from tests.support.connecting import (
    ADDRESS,
    ETHER,
    OBSCURE,
    TYPED,
    USDC,
    Person,
    ToyChain,
    arrive,
    execute,
    happened,
    holds,
    make_client,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import Rows, refusal, snapshot
from tests.support.workshop import settle

HISTORY = tuple(happened(number, moved(Direction.INCOMING, ETHER, "1")) for number in range(1, 6))
NOT_SUPPORTED = {"Defi Balances": "NOT SUPPORTED", "NFT Holdings": "NOT SUPPORTED"}


def stages(found: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["status"] for each in found["stages"]}


# ---------------------------------------------------------------- progress


async def test_progress_is_told_before_during_and_after(app: App) -> None:
    person = await settle_in(app)
    chain = ToyChain(items=(holds(ETHER, "5"),), history=HISTORY, waits_at="transactions 0")
    use_chains(app, ethereum=chain)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)

    async def told() -> tuple[str, dict[str, str]]:
        """The widget and the app are told the same, each in its own shape."""
        seen = await person.status(wallet_id)
        (listed,) = (await person.read("integrations"))["data"]
        assert (listed["status"], listed.get("lastSyncLog", {})) == (seen["status"], stages(seen))
        return seen["status"], stages(seen)

    assert await told() == ("ONGOING", {})
    chain.waits_at = f"transactions {(await person.status(wallet_id))['address']} from 4"
    work = asyncio.create_task(settle(app))
    await chain.reached.wait()
    assert await told() == ("ONGOING", {"Balances": "COMPLETED", "Transactions": "ONGOING", **NOT_SUPPORTED})
    during = await person.status(wallet_id)
    assert (during["total_transactions"], during["last_synced_at"]) == (4, None)
    chain.gate.set()
    await work
    assert await told() == (
        "COMPLETED",
        {"Balances": "COMPLETED", "Transactions": "COMPLETED", **NOT_SUPPORTED},
    )
    after = await person.status(wallet_id)
    assert after["total_transactions"] == 5
    assert after["last_synced_at"] is not None
    assert (after["message"], after["code"]) == (None, None)


async def test_what_failed_is_named_with_the_age_of_what_is_shown(app: App) -> None:
    person = await settle_in(app)
    use_chains(app, ethereum=(chain := ToyChain(items=(holds(ETHER, "5"),), history=HISTORY)))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    read_at = f"{app.clock.now():%Y-%m-%d at %H:%M} UTC"
    app.clock.advance(minutes=20)
    chain.error = CouldNotLook("The node is away.")
    assert (await person.resync(wallet_id)).status_code == 202
    await settle(app)
    found = await person.status(wallet_id)
    assert (found["status"], found["code"]) == ("FAILED", "PROVIDER_UNREACHABLE")
    assert found["message"] == f"The node is away. What is shown was read on {read_at}."
    assert found["total_transactions"] == 5
    assert [each["totalQuantity"] for each in (await person.read("holdings"))["holdings"]] == [5]
    chain.error = None
    await person.resync(wallet_id)
    await settle(app)
    found = await person.status(wallet_id)
    assert (found["status"], found["code"], found["message"]) == ("COMPLETED", None, None)


async def test_one_chain_that_fails_leaves_the_other_read(app: App) -> None:
    person = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION))
    use_chains(
        app,
        ethereum=ToyChain(items=(holds(ETHER, "5"),), history=HISTORY),
        polygon=ToyChain(error=CouldNotLook("Polygon is away.")),
    )
    wallet_id = await person.connected(provider="metamask", address=ADDRESS, chains=["ethereum", "polygon"])
    await settle(app)
    found = await person.status(wallet_id)
    assert (found["status"], found["code"]) == ("PARTIALLY SYNCED", "PROVIDER_UNREACHABLE")
    assert stages(found) == {
        "Balances": "PARTIALLY SYNCED",
        "Transactions": "PARTIALLY SYNCED",
        **NOT_SUPPORTED,
    }
    assert found["total_transactions"] == 5
    (listed,) = (await person.read("integrations"))["data"]
    assert listed["lastSyncLogDetails"]["Balances"]["message"].startswith("Polygon is away.")


async def test_gaps_make_a_stage_partial_and_say_why(app: App) -> None:
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(items=(holds(ETHER, "5"),), gaps=("Tokens were not looked at.",)))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    found = await person.status(wallet_id)
    assert (found["status"], found["message"]) == ("PARTIALLY SYNCED", "Tokens were not looked at.")
    assert (await person.read("holdings"))["shortfalls"][0]["message"] == "Tokens were not looked at."


async def test_what_fails_by_our_own_fault_is_told_without_its_words(app: App) -> None:
    person = await settle_in(app)
    chain = ToyChain(history=HISTORY)
    chain.error = ValueError("postgresql://secret")  # type: ignore[assignment]
    use_chains(app, ethereum=chain)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    found = await person.status(wallet_id)
    assert (found["status"], found["code"]) == ("FAILED", "SYNC_ERROR")
    assert "secret" not in str(found)


async def test_another_workspaces_connection_has_no_progress(app: App) -> None:
    mine, theirs = await arrive(app), await arrive(app)
    wallet_id = await theirs.connected(provider="ethereum", address=TYPED)
    for each in (wallet_id, "wallet_" + "0" * 32):
        reply = await mine.widget_get(f"integrations/{each}/status")
        assert refusal(reply) == (404, "INTEGRATION_NOT_FOUND")
        assert refusal(await mine.remove(each)) == (404, "INTEGRATION_NOT_FOUND")
    assert await mine.listed() == []
    assert await theirs.listed() == [wallet_id]


# ---------------------------------------------------------------- taking back

KEPT = {"audit_records", "session_events", "outbox", "jobs"}
"""What happened stays on record; nothing of what was read does."""


def naming(found: Rows, text: str) -> dict[str, list[str]]:
    """Return the rows that name a text, in clear or inside of bytes."""
    inside = text.encode().hex()
    named = {table: [row for row in rows if text in row or inside in row] for table, rows in found.items()}
    return {table: rows for table, rows in named.items() if rows}


async def read_all(person: Person) -> None:
    """Leave every rendering that there is."""
    for spam in ("true", "false"):
        for calculated in ("true", "false"):
            await person.read("holdings", isSpam=spam, calculatedBalances=calculated)


async def test_with_a_connection_goes_everything_that_was_read_through_it(app: App) -> None:
    person = await settle_in(app)
    other = await person.connected(provider="ethereum", persona="defi")
    await settle(app)
    await read_all(person)
    before = await snapshot(app)
    use_chains(app, ethereum=ToyChain(items=(holds(OBSCURE, "5"), holds(ETHER, "1")), history=HISTORY))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    await read_all(person)
    assert naming(await snapshot(app), wallet_id).keys() >= {
        "integrations", "integration_chains", "integration_stages", "transactions", "ledger_entries", "balances",
        "sync_cursors", "holdings_renderings",
    }  # fmt: skip
    assert (await person.remove(wallet_id)).json() == {"success": True, "message": "Connection removed"}
    after = await snapshot(app)
    left = naming(after, wallet_id)
    assert left.keys() <= KEPT, left
    for table in ("integrations", "integration_chains", "integration_stages", "sync_cursors", "balances",
                  "transactions", "ledger_entries"):  # fmt: skip
        assert naming(after, other).get(table) == naming(before, other).get(table), table
    assert await person.listed() == [other]
    assert refusal(await person.remove(wallet_id)) == (404, "INTEGRATION_NOT_FOUND")
    assert refusal(await person.get("transactions", walletId=wallet_id)) == (404, "WALLET_NOT_FOUND")
    assert wallet_id not in (await person.get("holdings")).text


async def test_a_removal_that_fails_removes_nothing(app: App) -> None:
    """One transaction: what the last statement refuses, the first has not done."""
    person = await settle_in(app)
    use_chains(app, ethereum=ToyChain(items=(holds(ETHER, "5"),), history=HISTORY))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    await execute(
        app,
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'",
    )
    await execute(
        app, "CREATE TRIGGER refuse BEFORE DELETE ON integrations FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    before = await snapshot(app)
    assert (await person.remove(wallet_id)).status_code == 500
    assert await snapshot(app) == before


@pytest.mark.parametrize("question", ["balances", "transactions"])
async def test_a_running_sync_of_a_removed_connection_ends_quietly(app: App, question: str) -> None:
    person = await settle_in(app)
    chain = ToyChain(items=(holds(USDC, "5"),), history=HISTORY, waits_at=question)
    use_chains(app, ethereum=chain)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    work = asyncio.create_task(settle(app))
    await chain.reached.wait()
    assert (await person.remove(wallet_id)).status_code == 200
    chain.gate.set()
    await work
    left = naming(await snapshot(app), wallet_id)
    assert left.keys() <= KEPT - {"jobs", "outbox"}, left
    app.clock.advance(days=2)
    assert await settle(app) == [], "nothing is tried again"


async def test_the_job_of_a_removed_connection_asks_nobody(app: App) -> None:
    person = await arrive(app)
    use_chains(app, ethereum=(chain := ToyChain()))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await person.remove(wallet_id)
    await settle(app)
    assert chain.asked == []


async def test_what_another_app_connected_is_listed_but_not_taken_back(app: App) -> None:
    ours = await settle_in(app, email="ada@example.com")
    theirs = await settle_in(app, await make_client(app), email="ada@example.com")
    assert ours.workspace_id == theirs.workspace_id
    wallet_id = await theirs.connected(provider="ethereum", address=TYPED)
    use_chains(app, ethereum=ToyChain(items=(holds(ETHER, "5"),), history=HISTORY))
    await settle(app)
    assert await ours.listed() == [wallet_id]
    before = await snapshot(app)
    assert refusal(await ours.remove(wallet_id)) == (404, "INTEGRATION_NOT_FOUND")
    assert await snapshot(app) == before
    assert (await ours.read("transactions"))["pagination"]["totalCount"] == 5
    assert (await theirs.remove(wallet_id)).status_code == 200
    assert await ours.listed() == []
