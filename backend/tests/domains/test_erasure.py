"""Erasing a person: asked for, done in steps, proven; and nothing of anybody else touched."""

import asyncio
import hashlib
import json
from collections.abc import Collection
from functools import partial

import pytest
import sqlalchemy as sa

from kryptos.domains import grants, identity, ledger, portfolio, privacy
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import Mode
from kryptos.domains.grants import InvalidGrant
from kryptos.domains.identity import UserNotFound
from kryptos.domains.privacy import (
    KEPT,
    ErasureNotFound,
    ErasureState,
    ErasureUnderWay,
    Fate,
    Reason,
    RequestedErasure,
)
from kryptos.domains.workspaces import Role
from kryptos.infra.database import Uow
from kryptos.surfaces.worker.syncing import SyncIntegration, sync_integration
from tests.support.app import App
from tests.support.connecting import ETHER, ToyChain, execute, holds, settle_in, use_chains
from tests.support.journey import (
    Rows,
    issued_code,
    refusal,
    rows,
    set_role,
    snapshot,
    start_code,
    try_code,
)
from tests.support.life import live
from tests.support.workshop import settle, workshop_of


async def ask(app: App, user_id: str, reason: Reason = Reason.PERSON) -> RequestedErasure:
    """Ask for an erasure as the person does."""

    async def work(uow: Uow) -> RequestedErasure:
        actor = Actor(ActorKind.USER, user_id)
        return await privacy.request_erasure(uow, user_id=user_id, reason=reason, actor=actor)

    return await app.services.database.execute(work)


async def state_of(app: App, asked: RequestedErasure, key: str | None = None) -> privacy.Erasure:
    """Return how an erasure stands."""

    async def work(uow: Uow) -> privacy.Erasure:
        return await privacy.get_erasure(uow, erasure_id=asked.id, key=key or asked.key)

    return await app.services.database.execute(work)


async def test_from_the_request_on_nothing_of_a_person_can_be_used(app: App) -> None:
    ada = await settle_in(app, email="ada@example.com")
    assert (await ada.get("userinfo")).status_code == 200

    asked = await ask(app, ada.user_id)

    assert refusal(await ada.get("userinfo"))[0] == 401
    assert refusal(await ada.widget_get("session")) == (401, "INVALID_GRANT")
    assert refusal(await app.post("/link-token", {"access_token": ada.access_token}, ada.client)) == (
        401,
        "INVALID_GRANT",
    )
    token = await app.link_token()
    assert (await start_code(app, token, "ada@example.com")).status_code == 200, "nobody learns of it"
    assert await issued_code(app, "ada@example.com") is None, "and nothing is mailed"
    assert refusal(await try_code(app, token, "ada@example.com", "123456")) == (400, "CODE_INVALID")
    (grant,) = await rows(app, "SELECT revoked_at FROM grants")
    assert grant["revoked_at"] == app.clock.now()
    assert (await state_of(app, asked)).state is ErasureState.WAITING


async def test_an_erasure_is_told_to_whoever_has_its_key_alone(app: App) -> None:
    ada = await settle_in(app)
    asked = await ask(app, ada.user_id)
    with pytest.raises(ErasureNotFound):
        await state_of(app, asked, key="ekey_other")
    with pytest.raises(ErasureNotFound):
        await state_of(app, RequestedErasure(id="erasure_other", key=asked.key))
    assert asked.key not in repr(asked)


async def test_asking_twice_changes_nothing(app: App) -> None:
    ada = await settle_in(app)
    await ask(app, ada.user_id)
    with pytest.raises(ErasureUnderWay):
        await ask(app, ada.user_id)
    with pytest.raises(UserNotFound):
        await ask(app, "user_unknown")
    assert len(await rows(app, "SELECT id FROM erasures")) == 1


# ---------------------------------------------------------------- done


async def erase(app: App, user_id: str) -> privacy.Erasure:
    """Erase somebody as the worker does, and return how it ended."""
    asked = await ask(app, user_id)
    await privacy.erase_person(app.services.database, erasure_id=asked.id)
    return await state_of(app, asked)


def standing(found: Rows, marks: Collection[str]) -> dict[str, set[str]]:
    """Return which of these marks stand in which table."""
    return {
        table: marked
        for table, lines in found.items()
        if (
            marked := {
                mark for mark in marks for line in lines if mark in line or mark.encode().hex() in line
            }
        )
    }


async def test_somebody_has_decided_about_every_table(app: App) -> None:
    there = set(await snapshot(app)) - {"alembic_version"}
    assert sorted(each.table for each in KEPT) == sorted(there)


async def test_a_whole_life_is_gone_and_another_is_as_it_was(app: App) -> None:
    ada = await live(app, "ada", number=71)
    alone = await snapshot(app)
    bob = await live(app, "bob", number=72)
    before = await snapshot(app)
    ours = {each.table for each in KEPT if each.fate in {Fate.ERASED, Fate.SHARED}}
    assert {table for table in ours if not alone[table]} == set(), (
        "the life leaves something wherever something can be left"
    )
    assert set(standing(before, ada.marks)) >= {
        "users",
        "integrations",
        "assets",
        "mailbox_mails",
        "invitations",
    }

    erasure = await erase(app, ada.person.user_id)

    after = await snapshot(app)
    assert standing(after, ada.marks) == {}
    assert set(standing(after, ada.ids)) <= {"audit_records", "outbox"}
    assert standing(after, bob.marks) == standing(before, bob.marks)
    for table in ours - {"outbox"}:
        of_bob = set(before[table]) - set(alone[table])
        assert of_bob <= set(after[table]) <= set(before[table]), table
    assert erasure.state is ErasureState.DONE
    assert {name: erasure.counts[name] for name in ("users", "transactions", "ledger_entries", "assets")} == {
        "users": 1,
        "transactions": 5,
        "ledger_entries": 10,
        "assets": 1,
    }
    assert len((await bob.person.read("holdings"))["holdings"]) == 3


async def test_the_proof_says_what_went_and_of_whom_to_nobody_but_them(app: App) -> None:
    ada = await settle_in(app, email="lovelace@example.com")  # "ada" may well stand in a digest
    erasure = await erase(app, ada.user_id)
    assert erasure.proof is not None
    content = dict(erasure.proof["content"])  # type: ignore[call-overload]
    salt = bytes.fromhex(str(erasure.proof["salt"]))
    assert content["address_sha256"] == hashlib.sha256(salt + b"lovelace@example.com").hexdigest()
    assert content["erased"] == erasure.counts
    assert content["reason"] == "person"
    assert "lovelace" not in json.dumps(content)
    kept = await snapshot(app)
    assert salt.hex() not in json.dumps(kept), "whoever has the database alone cannot try addresses"
    (row,) = await rows(app, "SELECT user_ids, address_digest FROM erasures")
    assert (row["user_ids"], row["address_digest"]) == ([], None)


async def test_a_guest_is_erased_without_a_word_of_an_address(app: App) -> None:
    guest = await settle_in(app)
    erasure = await erase(app, guest.user_id)
    assert erasure.proof is not None
    assert dict(erasure.proof["content"])["address_sha256"] is None  # type: ignore[call-overload]
    assert await rows(app, "SELECT id FROM users") == []


async def test_guests_that_somebody_has_claimed_go_with_them(app: App) -> None:
    ada, guest, other = (
        await settle_in(app, email="ada@example.com"),
        await settle_in(app),
        await settle_in(app),
    )
    await execute(
        app, "UPDATE users SET claimed_by = :ada WHERE id = :guest", ada=ada.user_id, guest=guest.user_id
    )
    await erase(app, guest.user_id)
    assert [row["id"] for row in await rows(app, "SELECT id FROM users")] == [other.user_id]


async def test_who_claims_a_guest_that_is_being_erased_is_not_erased_with_it(app: App) -> None:
    ada, guest = await settle_in(app, email="ada@example.com"), await settle_in(app)
    asked = await ask(app, guest.user_id)
    await execute(
        app, "UPDATE users SET claimed_by = :ada WHERE id = :guest", ada=ada.user_id, guest=guest.user_id
    )
    await privacy.erase_person(app.services.database, erasure_id=asked.id)
    assert [row["id"] for row in await rows(app, "SELECT id FROM users")] == [ada.user_id]
    assert (await ada.get("userinfo")).status_code == 200


async def test_a_guest_who_was_claimed_while_it_was_asked_for_goes_too(app: App) -> None:
    ada, guest = await settle_in(app, email="ada@example.com"), await settle_in(app)
    asked = await ask(app, ada.user_id)
    await execute(
        app, "UPDATE users SET claimed_by = :ada WHERE id = :guest", ada=ada.user_id, guest=guest.user_id
    )
    await privacy.erase_person(app.services.database, erasure_id=asked.id)
    assert await rows(app, "SELECT id FROM users") == []
    assert await rows(app, "SELECT id FROM grants") == []


# ---------------------------------------------------------------- workspaces of several


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
async def test_a_workspace_that_somebody_else_can_share_stays_with_them(app: App, role: Role) -> None:
    ada = await live(app, "ada", number=71)
    bob = await settle_in(app, email="bob@example.com")
    await set_role(app, bob.user_id, ada.person.workspace_id, role)

    await erase(app, ada.person.user_id)

    (found,) = await rows(
        app, "SELECT user_id, role FROM memberships WHERE workspace_id = $1", ada.person.workspace_id
    )
    assert (found["user_id"], found["role"]) == (bob.user_id, "owner")
    (connection,) = await rows(app, "SELECT user_id, address FROM integrations")
    assert (connection["user_id"], connection["address"]) == (bob.user_id, ada.address)
    assert len(await rows(app, "SELECT id FROM transactions")) == 5
    assert await rows(app, "SELECT id FROM grants WHERE user_id = $1", ada.person.user_id) == []
    assert [row["id"] for row in await rows(app, "SELECT id FROM users")] == [bob.user_id]


async def test_a_workspace_whose_others_cannot_share_it_goes_with_its_owner(app: App) -> None:
    ada = await live(app, "ada", number=71)
    bob = await settle_in(app, email="bob@example.com")
    await set_role(app, bob.user_id, ada.person.workspace_id, Role.VIEWER)
    await erase(app, ada.person.user_id)
    assert await rows(app, "SELECT id FROM workspaces WHERE id = $1", ada.person.workspace_id) == []
    assert await rows(app, "SELECT id FROM integrations") == []
    assert (await bob.get("userinfo")).status_code == 200


async def test_a_viewer_takes_nothing_with_them(app: App) -> None:
    ada = await live(app, "ada", number=71)
    bob = await settle_in(app, email="bob@example.com")
    await set_role(app, bob.user_id, ada.person.workspace_id, Role.VIEWER)
    before = await snapshot(app)
    await erase(app, bob.user_id)
    after = await snapshot(app)
    for table in ("integrations", "transactions", "balances", "access_tokens", "consent_receipts"):
        assert [row for row in before[table] if ada.person.workspace_id in row] == [
            row for row in after[table] if ada.person.workspace_id in row
        ]
    assert (await ada.person.get("holdings")).status_code == 200


async def test_a_workspace_of_apps_stays_without_the_person(app: App) -> None:
    ada = await settle_in(app, email="ada@example.com")
    await execute(
        app, "UPDATE clients SET workspace_id = :ws WHERE id = :id", ws=ada.workspace_id, id=app.client_id
    )
    await erase(app, ada.user_id)
    assert await rows(app, "SELECT id FROM workspaces WHERE id = $1", ada.workspace_id) != []
    assert await rows(app, "SELECT user_id FROM memberships") == []
    assert (await settle_in(app)).access_token


# ---------------------------------------------------------------- interrupted, and at the same time


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
        await privacy.erase_person(
            app.services.database, erasure_id=asked.id
        )  # another worker, from whatever is left
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
