"""Ending access: what no app may read is not read, what one may read again is, and both are told as they are."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from kryptos.domains import clients, connect, grants, identity, integrations
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.workspaces import Role
from kryptos.providers.contracts import Direction
from kryptos.surfaces.worker.access import PauseUnread
from kryptos.surfaces.worker.jobs import handlers
from kryptos.surfaces.worker.syncing import RequestDueSyncs, SyncIntegration
from tests.support.app import App
from tests.support.connecting import (
    TYPED,
    USDC,
    Person,
    ToyChain,
    arrive,
    happened,
    holds,
    make_client,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import connect_by_mail, data_of, refusal, remove_member, rows, set_role
from tests.support.workshop import settle, workshop_of

EMAIL = "ada@example.com"
HISTORY = tuple(happened(number, moved(Direction.INCOMING, USDC, "1")) for number in range(1, 8))


async def reading(app: App, chain: ToyChain | None = None) -> tuple[Person, str]:
    """Return somebody who shares one account that was read, and its id."""
    person = await settle_in(app, email=EMAIL)
    use_chains(app, ethereum=chain or ToyChain(items=(holds(USDC, "7"),), history=HISTORY))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    if chain is None:
        await settle(app)
        assert (await person.status(wallet_id))["status"] == "COMPLETED"
    return person, wallet_id


async def revoke(app: App, grant_id: str, client: dict[str, str] | None = None) -> None:
    assert (await app.post("/token/revoke", {"grant_id": grant_id}, client)).status_code == 200


async def row_of(app: App, wallet_id: str) -> dict[str, Any]:
    (found,) = await rows(
        app, "SELECT status, paused_at, next_sync_at, code FROM integrations WHERE id = $1", wallet_id
    )
    return found


async def is_paused(app: App, wallet_id: str) -> bool:
    found = await row_of(app, wallet_id)
    assert (found["next_sync_at"] is None) == (found["paused_at"] is not None)
    return found["paused_at"] is not None


async def do(app: App, job: Any) -> None:
    await handlers(workshop_of(app.services.database, registry=app.services.registry))[type(job)](job)


async def look_through(app: App) -> None:
    await do(app, PauseUnread())


async def synced_later(app: App) -> list[str]:
    """Let a day pass and return which jobs were done then."""
    app.clock.advance(days=1)
    await do(app, RequestDueSyncs())
    return await settle(app)


async def test_when_the_last_access_ends_nothing_is_read_any_more(app: App) -> None:
    person, wallet_id = await reading(app)
    await revoke(app, person.grant_id)
    assert await is_paused(app, wallet_id)
    assert "sync_integration" not in await synced_later(app)
    again = await arrive(app, email=EMAIL)
    told = await again.status(wallet_id)
    assert (told["status"], told["code"]) == ("COMPLETED", "SYNC_PAUSED")
    assert told["message"].startswith("Paused: no app may read this account any more")


async def test_a_job_that_waits_for_a_paused_account_does_nothing(app: App) -> None:
    chain = ToyChain(history=HISTORY)
    person, wallet_id = await reading(app, chain)
    await revoke(app, person.grant_id)
    await settle(app)
    await do(app, SyncIntegration(wallet_id))
    assert chain.asked == []
    assert (await row_of(app, wallet_id))["status"] == "connected"
    told = await (await arrive(app, email=EMAIL)).status(wallet_id)
    assert (told["status"], told["stages"]) == ("active", [])


async def test_who_consents_again_has_everything_read_again(app: App) -> None:
    chain = ToyChain(history=HISTORY)
    person, wallet_id = await reading(app, chain)
    await settle(app)
    await revoke(app, person.grant_id)
    app.clock.advance(days=2)
    chain.history = (*HISTORY, happened(9, moved(Direction.INCOMING, USDC, "1")))
    chain.asked.clear()
    again = await settle_in(app, email=EMAIL)
    assert not await is_paused(app, wallet_id)
    assert (await again.status(wallet_id))["status"] == "ONGOING"
    await settle(app)
    assert (await again.status(wallet_id))["status"] == "COMPLETED"
    assert (await again.status(wallet_id))["message"] is None
    assert [each.rsplit(" ", 1)[-1] for each in chain.asked if each.startswith("transactions")] == ["7"]
    assert len((await again.read("transactions"))["data"]) == 8


async def test_what_another_app_may_still_read_goes_on_being_read(app: App) -> None:
    person, wallet_id = await reading(app)
    theirs = await make_client(app)
    other = await settle_in(app, theirs, email=EMAIL)
    await revoke(app, person.grant_id)
    assert not await is_paused(app, wallet_id)
    assert "sync_integration" in await synced_later(app)
    assert (await other.resync(wallet_id)).status_code == 202
    await settle(app)
    assert (await row_of(app, wallet_id))["status"] == "completed"
    await revoke(app, other.grant_id, theirs)
    assert await is_paused(app, wallet_id)


async def test_a_sync_that_runs_stops_at_its_next_step(app: App) -> None:
    chain = ToyChain(items=(holds(USDC, "7"),), history=HISTORY, waits_at="transactions")
    person, wallet_id = await reading(app, chain)
    work = asyncio.create_task(settle(app))
    await chain.reached.wait()
    await revoke(app, person.grant_id)
    chain.gate.set()
    await work
    assert await rows(app, "SELECT 1 FROM transactions") == []
    assert await is_paused(app, wallet_id)
    told = await (await arrive(app, email=EMAIL)).status(wallet_id)
    assert told["status"] == "PARTIALLY SYNCED"
    stages = {each["name"]: (each["status"], each["code"]) for each in told["stages"]}
    assert stages["Balances"] == ("COMPLETED", None)
    assert stages["Transactions"] == ("FAILED", "SYNC_PAUSED")
    again = await settle_in(app, email=EMAIL)
    await settle(app)
    assert (await again.status(wallet_id))["status"] == "COMPLETED"


async def test_a_sync_whose_last_step_is_done_ends_as_paused(app: App) -> None:
    """Paused between its last step and its end: no next one is planned."""
    _person, wallet_id = await reading(app)
    database = app.services.database
    plan = await database.execute(partial(integrations.begin_sync, integration_id=wallet_id))
    assert plan is not None
    await database.execute(partial(integrations.pause, workspace_id=plan.workspace_id))
    ended = partial(integrations.end_sync, integration_id=wallet_id, every=timedelta(hours=6))
    assert await database.execute(ended) is None
    assert await is_paused(app, wallet_id)


async def test_ending_access_twice_is_no_error_and_one_receipt(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    database = app.services.database
    grant = await database.execute(
        partial(grants.get_grant_of, grant_id=given["grant_id"], user_ids=[given["user_id"]])
    )
    end = partial(connect.end_access, grant=grant, actor=Actor(ActorKind.USER, given["user_id"]))
    assert [await database.execute(end), await database.execute(end)] == [True, False]
    (ended,) = await rows(app, "SELECT revoked_by FROM grants")
    assert ended["revoked_by"] == "user"
    assert len(await rows(app, "SELECT 1 FROM consent_receipts WHERE event = 'revoked'")) == 1
    assert refusal(await app.userinfo(given["access_token"])) == (401, "INVALID_GRANT")


async def test_many_are_ended_at_once(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    for name in ("Two", "Three"):
        await connect_by_mail(app, EMAIL, await make_client(app, name))
    database = app.services.database
    found = await database.execute(partial(grants.list_grants_of, user_ids=[given["user_id"]]))
    end = partial(
        connect.end_accesses, grants_ended=[each.grant for each in found], actor=Actor(ActorKind.SYSTEM)
    )
    assert await database.execute(end) == 3
    assert await database.execute(end) == 0
    left = await database.execute(partial(grants.list_active_on, workspace_id=given["workspace_id"]))
    assert left == []


@pytest.mark.parametrize("who", ["client", "user"])
async def test_suspending_the_only_reader_pauses_and_resuming_reads_again(app: App, who: str) -> None:
    person, wallet_id = await reading(app)
    suspend: Any = partial(clients.suspend_client, client_id=app.client_id)
    resume: Any = partial(clients.resume_client, client_id=app.client_id)
    if who == "user":
        suspend = partial(identity.suspend_user, user_id=person.user_id)
        resume = partial(identity.resume_user, user_id=person.user_id)
    await app.services.database.execute(suspend)
    assert await settle(app) == ["pause_unread"]
    assert await is_paused(app, wallet_id)
    await app.services.database.execute(resume)
    assert await settle(app) == ["pause_unread", "sync_integration"]
    assert not await is_paused(app, wallet_id)


async def test_a_suspended_app_keeps_nothing_read_beside_one_that_ends(app: App) -> None:
    person, wallet_id = await reading(app)
    theirs = await app.create_client("Theirs")
    await settle_in(
        app, {"X-Client-Id": theirs.client.id, "X-Client-Secret": theirs.client_secret}, email=EMAIL
    )
    suspend = partial(clients.suspend_client, client_id=theirs.client.id)
    await app.services.database.execute(suspend)
    await revoke(app, person.grant_id)
    assert await is_paused(app, wallet_id)


async def test_what_was_connected_and_never_shared_is_read_for_a_day(app: App) -> None:
    person = await arrive(app)
    use_chains(app, ethereum=ToyChain(history=HISTORY))
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    app.clock.advance(hours=23)
    await look_through(app)
    assert not await is_paused(app, wallet_id)
    app.clock.advance(hours=2)
    await look_through(app)
    assert await is_paused(app, wallet_id)


async def test_a_young_account_stays_beside_an_old_one_that_nobody_may_read(app: App) -> None:
    person, old = await reading(app)
    await revoke(app, person.grant_id)
    app.clock.advance(days=2)
    young = await (await arrive(app, email=EMAIL)).connected(provider="ethereum", persona="nft")
    await look_through(app)
    assert await is_paused(app, old)
    assert not await is_paused(app, young)


async def test_an_expired_grant_reads_nothing(app: App) -> None:
    _person, wallet_id = await reading(app)
    app.clock.advance(days=365 * 16)
    await look_through(app)
    assert await is_paused(app, wallet_id)


@pytest.mark.parametrize("is_removed", [False, True])
async def test_a_member_who_may_not_share_any_more_reads_nothing(app: App, is_removed: bool) -> None:
    person, wallet_id = await reading(app)
    app.clock.advance(days=2)
    if is_removed:
        await remove_member(app, person.user_id, person.workspace_id)
    else:
        await set_role(app, person.user_id, person.workspace_id, Role.VIEWER)
    await look_through(app)
    assert await is_paused(app, wallet_id)
    await set_role(app, person.user_id, person.workspace_id, Role.OWNER)
    await look_through(app)
    assert not await is_paused(app, wallet_id)


async def test_looking_through_goes_on_batch_by_batch(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kryptos.domains.connect.service.settle_reading._WORKSPACES_AT_ONCE", 2)
    wallets = []
    for _ in range(5):
        person = await arrive(app)
        wallets.append(await person.connected(provider="ethereum", address=TYPED))
    app.clock.advance(days=2)
    await look_through(app)
    assert [await is_paused(app, each) for each in wallets] == [True] * 5


async def test_a_paused_account_can_be_removed(app: App) -> None:
    person, wallet_id = await reading(app)
    await revoke(app, person.grant_id)
    again = await arrive(app, email=EMAIL)
    assert (await again.remove(wallet_id)).is_success
    assert await rows(app, "SELECT 1 FROM integrations") == []


async def test_connecting_a_paused_account_again_names_it(app: App) -> None:
    person, wallet_id = await reading(app)
    await revoke(app, person.grant_id)
    again = await arrive(app, email=EMAIL)
    reply = await again.connect(provider="ethereum", address=TYPED)
    assert (reply.status_code, reply.json()["existing_wallet_id"]) == (409, wallet_id)


async def granted(app: App, client: dict[str, str]) -> list[str]:
    found = data_of(await app.http.get("/token/grants", headers=client))["grants"]
    return [each["grant_id"] for each in found]


async def test_revokes_and_exchanges_at_once_never_leave_a_shared_account_unread_or_the_reverse(
    app: App,
) -> None:
    _person, wallet_id = await reading(app)
    apps = (app.client_headers, await make_client(app, "Two"))
    seen = set()
    for number in range(12):
        tokens = []
        for client in apps:
            consented = await arrive(app, client, email=EMAIL)
            tokens.append((data_of(await app.widget(consented.token, "complete"))["public_token"], client))
        given = [(each, client) for client in apps for each in await granted(app, client)]
        app.clock.advance(seconds=-1)  # revoked before these consents were given: some exchanges must win
        exchanges = [
            app.post("/token/exchange", {"public_token": token}, client) for token, client in tokens * 5
        ]
        revokes = [app.post("/token/revoke", {"grant_id": each}, client) for each, client in given * 20]
        replies = await asyncio.gather(*([*exchanges, *revokes] if number % 2 else [*revokes, *exchanges]))
        assert {each.status_code for each in replies} <= {200, 400, 401}
        app.clock.advance(seconds=1)
        active = await rows(app, "SELECT 1 FROM grants WHERE revoked_at IS NULL")
        seen.add(bool(active))
        assert await is_paused(app, wallet_id) == (not active), number
        if number % 3 == 2:
            for client in apps:
                for each in await granted(app, client):
                    await revoke(app, each, client)
            assert await is_paused(app, wallet_id)
    assert seen == {True, False}


async def test_the_last_two_accesses_ended_at_once_leave_nothing_read(app: App) -> None:
    """Neither may take the other for one that stays."""
    _person, wallet_id = await reading(app)
    apps = (app.client_headers, await make_client(app, "Two"))
    for _ in range(10):
        for client in apps:
            await settle_in(app, client, email=EMAIL)
        assert not await is_paused(app, wallet_id)
        ended = [(each, client) for client in apps for each in await granted(app, client)]
        await asyncio.gather(*(revoke(app, each, client) for each, client in ended))
        assert await is_paused(app, wallet_id)
        app.clock.advance(minutes=1)
