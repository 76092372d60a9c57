"""Repairing a connection in place instead of linking it anew (contract X-13)."""

from dataclasses import replace
from typing import Any

from kryptos.domains.clients import Mode
from kryptos.providers.contracts import CouldNotLook, Direction
from tests.support.app import App
from tests.support.connecting import (
    ADDRESS,
    ETHER,
    OTHER_ADDRESS,
    TYPED,
    Person,
    ToyChain,
    happened,
    holds,
    make_client,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import data_of, refusal, snapshot
from tests.support.workshop import settle

HISTORY = (happened(1, moved(Direction.INCOMING, ETHER, "5")),)


async def repairing(person: Person, wallet_id: str) -> Person:
    return await person.resume(integration_id=wallet_id, mode="repair")


async def in_production(app: App) -> Person:
    return await settle_in(app, await make_client(app, mode=Mode.PRODUCTION))


async def test_a_broken_connection_is_repaired_under_its_own_id(app: App) -> None:
    person = await settle_in(app)
    chain = ToyChain(items=(holds(ETHER, "5"),), history=HISTORY, error=CouldNotLook("Away."))
    use_chains(app, ethereum=chain)
    wallet_id = await person.connected(provider="ethereum", address=TYPED, alias="Savings")
    await settle(app)
    assert (await person.status(wallet_id))["status"] == "FAILED"
    chain.error = None
    repair = await repairing(person, wallet_id)
    found = data_of(await repair.connect(provider="ethereum", address=TYPED.upper().replace("0X", "0x")))
    assert (found["wallet_id"], found["status"], found["alias"]) == (wallet_id, "ONGOING", "Savings")
    await settle(app)
    assert await person.listed() == [wallet_id]
    assert (await person.status(wallet_id))["status"] == "COMPLETED"
    assert data_of(await repair.connect(provider="ethereum", address=TYPED, alias="Rainy days"))["alias"] == (
        "Rainy days"
    )
    completed = data_of(await app.widget(repair.token, "complete"))
    assert completed["public_token"] is None, "the app has its token already"
    (listed,) = (await person.read("integrations"))["data"]
    assert (listed["walletId"], listed["alias"]) == (wallet_id, "Rainy days")


async def test_another_account_is_no_repair(app: App) -> None:
    person = await settle_in(app)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    repair = await repairing(person, wallet_id)
    before = await snapshot(app)
    accounts: tuple[dict[str, Any], ...] = (
        {"provider": "ethereum", "persona": "holder"},
        {"provider": "solana", "persona": "saver"},
    )
    for account in accounts:
        assert refusal(await repair.connect(**account)) == (400, "VALIDATION_ERROR")
    assert refusal(await repair.connect(provider="ethereum", address=ADDRESS)) == (
        400,
        "SANDBOX_ADDRESS_NOT_ALLOWED",
    )
    assert await snapshot(app) == before


async def test_a_repair_is_asked_for_with_id_mode_and_the_users_token(app: App) -> None:
    person = await settle_in(app)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    whole = {"integration_id": wallet_id, "mode": "repair", "access_token": person.access_token}
    for left_out in whole:
        body = {name: value for name, value in whole.items() if name != left_out}
        assert refusal(await app.post("/link-token", body)) == (400, "VALIDATION_ERROR"), left_out
    assert refusal(await app.post("/link-token", {**whole, "mode": "mend"})) == (400, "VALIDATION_ERROR")
    assert (await app.post("/link-token", whole)).status_code == 200


async def test_a_foreign_connection_does_not_exist(app: App) -> None:
    """Somebody else's, one of the other mode, one that was taken back, and one that never was."""
    mine, theirs = await settle_in(app, email="ada@example.com"), await settle_in(app)
    real = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION), email="ada@example.com")
    gone = await mine.connected(provider="ethereum", address=TYPED)
    await mine.remove(gone)
    foreign = [
        await theirs.connected(provider="ethereum", address=TYPED),
        await real.connected(provider="ethereum", address=TYPED),
        gone,
        "wallet_" + "0" * 32,
        "",
    ]
    before = await snapshot(app)
    for each in foreign:
        body = {"integration_id": each, "mode": "repair", "access_token": mine.access_token}
        assert refusal(await app.post("/link-token", body)) == (404, "INTEGRATION_NOT_FOUND")
    assert await snapshot(app) == before


async def test_what_is_taken_back_meanwhile_cannot_be_repaired(app: App) -> None:
    person = await settle_in(app)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    repair = await repairing(person, wallet_id)
    assert (await person.remove(wallet_id)).status_code == 200
    assert refusal(await repair.connect(provider="ethereum", address=TYPED)) == (404, "INTEGRATION_NOT_FOUND")
    assert await person.listed() == []


async def test_a_repair_keeps_the_chains_unless_others_are_chosen(app: App) -> None:
    person = await in_production(app)
    chains = ["polygon", "base"]
    wallet_id = await person.connected(provider="metamask", address=ADDRESS, chains=chains)
    repair = await repairing(person, wallet_id)
    assert data_of(await repair.connect(provider="metamask", address=ADDRESS))["chains"] == chains
    more = [*chains, "ethereum"]
    assert data_of(await repair.connect(provider="metamask", address=ADDRESS, chains=more))["chains"] == more
    duplicate = await person.connect(provider="ethereum", address=ADDRESS)
    assert duplicate.json()["existing_wallet_id"] == wallet_id
    fewer = data_of(await repair.connect(provider="metamask", address=ADDRESS, chains=["base"]))
    assert fewer["chains"] == ["base"]
    await person.connected(provider="ethereum", address=ADDRESS)


async def test_a_repair_takes_no_chain_of_another_connection(app: App) -> None:
    person = await in_production(app)
    wallet_id = await person.connected(provider="metamask", address=ADDRESS, chains=["polygon"])
    other = await person.connected(provider="ledger", address=ADDRESS, chains=["base"])
    await person.connected(provider="ledger", address=OTHER_ADDRESS, chains=["base"])
    repair = await repairing(person, wallet_id)
    before = await snapshot(app)
    reply = await repair.connect(provider="metamask", address=ADDRESS, chains=["polygon", "base"])
    assert refusal(reply) == (409, "DUPLICATE_CONNECTION")
    assert reply.json()["existing_wallet_id"] == other
    assert await snapshot(app) == before


async def test_with_a_chain_that_is_left_out_goes_what_was_read_of_it(app: App) -> None:
    person = await in_production(app)
    chains = {
        each.chain_id: ToyChain(
            items=(holds(each, "5"),), history=(happened(1, moved(Direction.INCOMING, each, "5")),)
        )
        for each in (ETHER, replace(ETHER, chain_id="polygon"))
    }
    use_chains(app, **chains)
    wallet_id = await person.connected(provider="metamask", address=ADDRESS, chains=list(chains))
    await settle(app)
    assert await shown(person) == (["ethereum", "polygon"], 2)
    repair = await repairing(person, wallet_id)
    fewer = data_of(await repair.connect(provider="metamask", address=ADDRESS, chains=["polygon"]))
    assert fewer["total_transactions"] == 1
    assert await shown(person) == (["polygon"], 1)
    await settle(app)
    assert await shown(person) == (["polygon"], 1)
    data_of(await repair.connect(provider="metamask", address=ADDRESS, chains=list(chains)))
    await settle(app)
    assert await shown(person) == (["ethereum", "polygon"], 2)
    assert (await person.status(wallet_id))["total_transactions"] == 2


async def shown(person: Person) -> tuple[list[str], int]:
    """Return on which chains something is held, and how many transactions there are."""
    held = (await person.read("holdings"))["holdings"]
    listed = (await person.read("transactions"))["pagination"]
    return sorted(each["asset"]["chainId"] for each in held), listed["totalCount"]
