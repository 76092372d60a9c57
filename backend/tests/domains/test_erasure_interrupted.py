"""Erasing a person, interrupted and at the same time as everything else: it ends the same, and leaves nothing."""

import asyncio
from functools import partial

import pytest
import sqlalchemy as sa

from kryptos.domains import grants, identity, ledger, portfolio, privacy
from kryptos.domains.clients import Mode
from kryptos.domains.grants import InvalidGrant
from kryptos.domains.privacy import ErasureState
from kryptos.infra.database import Uow
from kryptos.surfaces.worker.syncing import SyncIntegration, sync_integration
from tests.support.app import App
from tests.support.connecting import ETHER, ToyChain, holds, settle_in, use_chains
from tests.support.erasing import ask, erase, standing, state_of
from tests.support.journey import rows, snapshot
from tests.support.life import live
from tests.support.workshop import settle, workshop_of


async def test_stopped_after_any_step_and_run_again_it_ends_the_same(app: App) -> None:
    ends = []
    steps = 1
    while True:
        ada = await live(app, f"ada{steps}", number=70 + steps, transactions=1200)
        asked = await ask(app, ada.person.user_id)
        work = partial(privacy.erase_step, erasure_id=asked.id)
        done = 0
        while done < steps and await app.services.database.execute(work):
            done += 1
        # Another worker, from whatever is left.
        await privacy.erase_person(app.services.database, erasure_id=asked.id)
        found = await snapshot(app)
        assert standing(found, ada.marks) == {}
        ends.append(dict((await state_of(app, asked)).counts))
        if done < steps:
            break
        steps += 1
    assert steps > 6
    assert all(each == ends[0] for each in ends)


async def test_two_workers_at_once(app: App) -> None:
    ada = await live(app, "ada", number=71, transactions=1200)
    asked = await ask(app, ada.person.user_id)
    database = app.services.database
    await asyncio.gather(*(privacy.erase_person(database, erasure_id=asked.id) for _ in range(3)))
    erasure = await state_of(app, asked)
    assert (erasure.state, erasure.counts["transactions"]) == (ErasureState.DONE, 1200)
    assert standing(await snapshot(app), ada.marks) == {}


@pytest.mark.parametrize("gives_access", ["before", "after"])
async def test_what_had_begun_before_the_request_leaves_nothing_behind(app: App, gives_access: str) -> None:
    """A transaction that saw the person as they were gives access, and ends after everybody else has moved on."""
    ada = await settle_in(app, email="ada@example.com")
    client = await app.create_client("Slow app")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def activate(uow: Uow) -> None:
        await grants.activate_grant(
            uow,
            client_id=client.client.id,
            user_id=ada.user_id,
            workspace_id=ada.workspace_id,
            scopes=("openid",),
            consented_at=uow.now,
        )

    async def slowly(uow: Uow) -> None:
        assert not (await identity.get_user(uow, user_id=ada.user_id)).is_suspended
        if gives_access == "before":
            await activate(uow)
        begun.set()
        await go_on.wait()
        if gives_access == "after":
            await activate(uow)

    slow = asyncio.create_task(app.services.database.execute(slowly))
    await begun.wait()
    asked = await ask(app, ada.user_id)
    erasing = asyncio.create_task(privacy.erase_person(app.services.database, erasure_id=asked.id))
    await asyncio.sleep(0.3)
    assert not erasing.done(), "it waits for whoever may have seen the person"
    assert (await state_of(app, asked)).state is ErasureState.WAITING
    go_on.set()
    (outcome,) = await asyncio.gather(slow, return_exceptions=True)
    assert outcome is None if gives_access == "before" else isinstance(outcome, InvalidGrant)
    await erasing
    assert standing(await snapshot(app), ("ada@example.com",)) == {}
    assert await rows(app, "SELECT id FROM grants") == []
    assert await rows(app, "SELECT id FROM access_tokens") == []


async def test_an_account_is_read_while_its_person_is_erased(app: App) -> None:
    ada = await live(app, "ada", number=71)
    chain = ToyChain((holds(ETHER, "1.5"),), waits_at="balances")
    use_chains(app, ethereum=chain)
    assert (await ada.person.resync(ada.wallet_id)).is_success
    workshop = workshop_of(app.services.database, registry=app.services.registry)
    reading = asyncio.create_task(
        sync_integration(workshop.reading, SyncIntegration(integration_id=ada.wallet_id))
    )
    await chain.reached.wait()
    await erase(app, ada.person.user_id)
    chain.gate.set()
    await reading
    await settle(app, workshop)
    assert standing(await snapshot(app), ada.marks) == {}
    assert await rows(app, "SELECT workspace_id FROM portfolio_versions") == []
    assert await rows(app, "SELECT asset_id FROM balances") == []


async def test_holdings_that_are_computed_meanwhile_are_kept_nowhere(app: App) -> None:
    ada = await live(app, "ada", number=71)
    await erase(app, ada.person.user_id)

    async def render(uow: Uow) -> portfolio.Rendering:
        return await portfolio.render(
            uow,
            workspace_id=ada.person.workspace_id,
            mode=Mode.PRODUCTION,
            variant=portfolio.Variant(),
            form="test",
            write=lambda holdings: str(holdings).encode(),
        )

    assert (await app.services.database.execute(render)).rows == 0
    assert await rows(app, "SELECT workspace_id FROM portfolio_versions") == []
    assert await rows(app, "SELECT workspace_id FROM holdings_renderings") == []


async def test_an_asset_that_somebody_begins_to_move_stays(app: App) -> None:
    """Ada is the only one who ever moved it; while she is erased, Bob's first transaction with it is being kept."""
    ada = await live(app, "ada", number=71)
    bob = await live(app, "bob", number=72)
    holding, go_on = asyncio.Event(), asyncio.Event()

    async def keep(uow: Uow) -> None:
        await ledger.keep_assets(uow, refs={ada.token})
        holding.set()
        await go_on.wait()
        await uow.execute(
            sa.text(
                "INSERT INTO balances (integration_id, asset_id, workspace_id, mode, chain_id, quantity, seen_at)"
                " VALUES (:bob, :asset, 'ws_bob', 'production', 'ethereum', 1, now())"
            ).bindparams(bob=bob.wallet_id, asset=ledger.asset_id(ada.token))
        )

    asked = await ask(app, ada.person.user_id)
    keeping = asyncio.create_task(app.services.database.execute(keep))
    await holding.wait()

    async def all_steps() -> None:
        while await app.services.database.execute(partial(privacy.erase_step, erasure_id=asked.id)):
            pass

    erasing = asyncio.create_task(all_steps())
    await asyncio.sleep(0.3)
    go_on.set()
    await asyncio.gather(keeping, erasing)
    assert [row["id"] for row in await rows(app, "SELECT id FROM assets WHERE name = 'For ada alone'")] == [
        ledger.asset_id(ada.token)
    ]
