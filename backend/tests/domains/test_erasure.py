"""Erasing a person: asked for, done in steps, proven; and nothing of anybody else touched."""

import hashlib
import json

import pytest

from kryptos.domains import privacy
from kryptos.domains.identity import UserNotFound
from kryptos.domains.privacy import (
    KEPT,
    ErasureNotFound,
    ErasureState,
    ErasureUnderWay,
    Fate,
    RequestedErasure,
)
from kryptos.domains.workspaces import Role
from tests.support.app import App
from tests.support.connecting import execute, settle_in
from tests.support.erasing import ask, erase, standing, state_of
from tests.support.journey import (
    issued_code,
    refusal,
    rows,
    set_role,
    snapshot,
    start_code,
    try_code,
)
from tests.support.life import live


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
