"""Reading an account again at an app's wish: whose, from where, and what is seen meanwhile (K-030 to K-035, K-261)."""

import asyncio

from kryptos.domains.clients import Mode
from kryptos.domains.clients.scopes import DEFAULT_SCOPES
from kryptos.providers.contracts import CouldNotLook, Direction
from tests.support.app import App
from tests.support.connecting import (
    ETHER,
    TYPED,
    USDC,
    Person,
    ToyChain,
    happened,
    holds,
    make_client,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import connect_by_mail, refusal, rows, snapshot
from tests.support.workshop import settle

HISTORY = tuple(
    happened(number, moved(Direction.INCOMING, USDC, f"{number}"), moved(Direction.FEE, ETHER, "0.01"))
    for number in range(1, 6)
)


async def reading(app: App, chain: ToyChain) -> tuple[Person, str]:
    """Return somebody with one account that was read, and its wallet id."""
    person = await settle_in(app)
    use_chains(app, ethereum=chain)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    assert (await person.status(wallet_id))["status"] == "COMPLETED"
    return person, wallet_id


async def platform_ids(person: Person) -> list[str]:
    found = await person.read("transactions", order="asc", limit=1000)
    return [each["transactionPlatfromId"] for each in found["data"]]


async def test_the_latest_is_read_from_where_the_last_sync_ended(app: App) -> None:
    person, wallet_id = await reading(app, chain := ToyChain(history=HISTORY))
    chain.asked.clear()
    chain.history = (*HISTORY, happened(6, moved(Direction.INCOMING, USDC, "1")))
    reply = await person.resync(wallet_id, "latest")
    assert reply.status_code == 202
    assert reply.json() == {
        "success": True,
        "data": {"mode": "latest", "integration_type": "wallet", "wallet_id": wallet_id, "status": "queued"},
    }
    (listed,) = (await person.read("integrations"))["data"]
    assert listed["status"] == "ONGOING"
    await settle(app)
    assert [each.rsplit(" ", 1)[-1] for each in chain.asked if each.startswith("transactions")] == ["5"]
    assert await platform_ids(person) == [each.id for each in chain.history]
    (listed,) = (await person.read("integrations"))["data"]
    assert (listed["status"], listed["totalTransactions"]) == ("COMPLETED", 6)


async def test_the_mode_left_out_is_the_latest_and_others_are_refused(app: App) -> None:
    person, wallet_id = await reading(app, ToyChain(history=HISTORY))
    path = f"/developer/integrations/{wallet_id}/resync"
    assert (await app.post(path, {"user_id": person.user_id})).json()["data"]["mode"] == "latest"
    for body in ({"user_id": person.user_id, "mode": "everything"}, {"mode": "latest"}, {"user_id": 7}):
        assert refusal(await app.post(path, body)) == (400, "VALIDATION_ERROR")


async def test_only_who_shared_it_may_have_it_read(app: App) -> None:
    person, wallet_id = await reading(app, ToyChain(history=HISTORY))
    other = await settle_in(app)
    stranger = await make_client(app)
    path = f"/developer/integrations/{wallet_id}/resync"
    before = await snapshot(app)
    for user_id in ("user_" + "0" * 32, "", person.workspace_id):
        assert refusal(await app.post(path, {"user_id": user_id})) == (403, "GRANT_NOT_FOUND")
    assert refusal(await app.post(path, {"user_id": person.user_id}, stranger)) == (403, "GRANT_NOT_FOUND")
    for each in (wallet_id, "wallet_" + "0" * 32):
        assert refusal(await other.resync(each)) == (404, "INTEGRATION_NOT_FOUND")
    assert (await app.http.post(path, json={"user_id": person.user_id})).status_code == 401
    assert await snapshot(app) == before


async def test_the_other_mode_has_no_such_account(app: App) -> None:
    email = "ada@example.com"
    person = await settle_in(app, email=email)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    real = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION), email=email)
    assert real.user_id == person.user_id
    assert refusal(await real.resync(wallet_id)) == (404, "INTEGRATION_NOT_FOUND")


async def test_after_revocation_nothing_is_read_any_more(app: App) -> None:
    person, wallet_id = await reading(app, ToyChain(history=HISTORY))
    assert (await app.post("/token/revoke", {"grant_id": person.grant_id})).status_code == 200
    assert refusal(await person.resync(wallet_id)) == (403, "GRANT_NOT_FOUND")


async def test_what_another_app_connected_is_read_for_who_shares_the_workspace(app: App) -> None:
    theirs = await settle_in(app, await make_client(app), email="ada@example.com")
    wallet_id = await theirs.connected(provider="ethereum", address=TYPED)
    ours = await connect_by_mail(app, "ada@example.com")
    reply = await app.post(f"/developer/integrations/{wallet_id}/resync", {"user_id": ours["user_id"]})
    assert reply.status_code == 202


async def test_from_the_start_everything_keeps_its_id_and_is_seen_all_the_while(app: App) -> None:
    """K-034; what the provider has corrected meanwhile replaces the old only once everything is read anew."""
    chain = ToyChain(items=(holds(USDC, "15"),), history=HISTORY)
    person, wallet_id = await reading(app, chain)
    before = await person.read("transactions", order="asc")
    corrected = (
        *HISTORY[:2],
        happened(3, moved(Direction.INCOMING, USDC, "30")),
        HISTORY[4],
        happened(9, moved(Direction.OUTGOING, USDC, "1")),
    )
    chain.history, chain.items = corrected, (holds(USDC, "37"),)
    chain.asked.clear()
    chain.waits_at = f"transactions {(await person.status(wallet_id))['address']} from 4"
    assert (await person.resync(wallet_id, "from_start")).json()["data"]["mode"] == "from_start"
    work = asyncio.create_task(settle(app))
    await chain.reached.wait()
    assert await platform_ids(person) == [each.id for each in HISTORY], (
        "the old is seen until the new is whole"
    )
    chain.gate.set()
    await work
    assert await platform_ids(person) == [each.id for each in corrected]
    after = await person.read("transactions", order="asc")
    ids = {each["transactionPlatfromId"]: each["id"] for each in before["data"]}
    for each in after["data"]:
        assert ids.get(each["transactionPlatfromId"], each["id"]) == each["id"]
    assert (await person.status(wallet_id))["total_transactions"] == len(corrected)
    assert (await person.read("holdings"))["holdings"][0]["totalQuantity"] == 37
    calculated = (await person.read("holdings", calculatedBalances="true"))["holdings"]
    assert next(each["totalQuantity"] for each in calculated if each["asset"]["symbol"] == "USDC") == 37


TABLES = {
    "transactions": "id, at, label, type, has_failed, is_spam, is_nft, currencies, legs, platform_id, height, chain_id",
    "ledger_entries": "transaction_id, key, asset_id, direction, quantity",
    "balances": "asset_id, chain_id, quantity, height",
}


async def test_from_the_start_comes_to_the_same_as_a_first_reading(app: App) -> None:
    """A real adapter on the sandbox's chain: row by row the same, and nothing doubled."""
    person = await settle_in(app)
    wallet_id = await person.connected(provider="ethereum", persona="defi")
    await settle(app)

    async def kept() -> dict[str, list[str]]:
        return {
            table: [str(each) for each in await rows(app, f"SELECT {names} FROM {table} ORDER BY 1, 2")]
            for table, names in TABLES.items()
        }

    first = await kept()
    assert all(first.values())
    for mode in ("from_start", "latest", "from_start"):
        await person.resync(wallet_id, mode)
        await settle(app)
        assert await kept() == first
        found = await person.status(wallet_id)
        assert (found["status"], found["total_transactions"]) == ("COMPLETED", len(first["transactions"]))


async def test_a_reading_from_the_start_that_fails_halfway_goes_on_where_it_stopped(app: App) -> None:
    person, wallet_id = await reading(app, chain := ToyChain(history=HISTORY))
    chain.history = HISTORY[:4]
    address = (await person.status(wallet_id))["address"]
    chain.waits_at = f"transactions {address} from 2"
    await person.resync(wallet_id, "from_start")
    work = asyncio.create_task(settle(app))
    await chain.reached.wait()
    chain.error = CouldNotLook("Away.")
    chain.gate.set()
    await work
    assert (await person.status(wallet_id))["status"] == "PARTIALLY SYNCED"
    assert await platform_ids(person) == [each.id for each in HISTORY], "nothing was lost"
    chain.error, chain.waits_at = None, None
    chain.asked.clear()
    await person.resync(wallet_id, "latest")
    await settle(app)
    assert [each for each in chain.asked if "from" in each] == [f"transactions {address} from 2"]
    assert await platform_ids(person) == [each.id for each in HISTORY[:4]]


async def test_asked_for_from_the_start_while_one_runs_the_newer_takes_over(app: App) -> None:
    person, wallet_id = await reading(app, chain := ToyChain(history=HISTORY))
    chain.history, chain.waits_at = HISTORY[:3], "balances"
    await person.resync(wallet_id)
    work = asyncio.create_task(settle(app))
    await chain.reached.wait()
    await person.resync(wallet_id, "from_start")
    chain.gate.set()
    await work
    assert await platform_ids(person) == [each.id for each in HISTORY[:3]]
    found = await person.status(wallet_id)
    assert (found["status"], found["total_transactions"]) == ("COMPLETED", 3)


async def test_many_wishes_are_one_reading(app: App) -> None:
    person, wallet_id = await reading(app, ToyChain(history=HISTORY))
    for _ in range(5):
        assert (await person.resync(wallet_id)).status_code == 202
    assert (await settle(app)).count("sync_integration") == 1


async def test_an_app_with_the_scope_asks_by_access_token(app: App) -> None:
    """K-261: once per Idempotency-Key, and only with `integrations:write`."""
    created = await app.create_client(scopes=" ".join((*DEFAULT_SCOPES, "integrations:write")))
    writer = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    person = await settle_in(app, writer)
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    path = f"/api/v1/integrations/{wallet_id}/resync"
    headers = {"Authorization": f"Bearer {person.access_token}", "Idempotency-Key": "again"}
    reply = await app.http.post(path, json={"mode": "from_start"}, headers=headers)
    assert reply.status_code == 202
    assert (reply.json()["walletId"], reply.json()["mode"]) == (wallet_id, "from_start")
    replayed = await app.http.post(path, json={"mode": "from_start"}, headers=headers)
    assert (replayed.status_code, replayed.headers["idempotent-replayed"]) == (202, "true")
    assert await rows(app, "SELECT generation FROM integrations") == [{"generation": 1}]
    assert await settle(app) == ["sync_integration"]
    reader = await settle_in(app)
    refused = await app.http.post(path, headers={"Authorization": f"Bearer {reader.access_token}"})
    assert refusal(refused) == (403, "INSUFFICIENT_SCOPE")
