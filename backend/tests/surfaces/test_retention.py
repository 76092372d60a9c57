"""What is deleted by itself, when, and in batches: guests whom everybody has forsaken, mails, records."""

from datetime import timedelta

import pytest

from kryptos.infra import idempotency
from kryptos.infra.postgres import Cluster
from kryptos.infra.settings import Settings
from kryptos.surfaces.worker.erasing import (
    EraseForsakenGuests,
    Erasing,
    ResumeErasures,
    ScrubFiles,
    erase_forsaken_guests,
    resume_erasures,
    scrub_files,
)
from tests.support.app import App
from tests.support.connecting import Person, execute, settle_in
from tests.support.journey import data_of, rows
from tests.support.workshop import settle


def erasing_of(app: App, **settings: object) -> Erasing:
    return Erasing(app.services.database, Settings(**settings))  # type: ignore[arg-type]


async def forsake(app: App, **settings: object) -> list[str]:
    """Let the worker look at guests, do what that asks for, and return who is left."""
    await erase_forsaken_guests(erasing_of(app, **settings), EraseForsakenGuests())
    await settle(app)
    return [row["id"] for row in await rows(app, "SELECT id FROM users ORDER BY id")]


async def revoke(app: App, person: Person) -> None:
    reply = await app.post("/token/revoke", {"grant_id": person.grant_id}, person.client)
    assert reply.status_code == 200, reply.text


async def test_a_guest_is_erased_a_month_after_the_last_access_ended(app: App) -> None:
    kept = await settle_in(app)
    app.clock.advance(seconds=1)  # ids sort by their instant
    gone = await settle_in(app)
    app.clock.advance(days=100)
    assert await forsake(app) == [kept.user_id, gone.user_id], "an app may read their data"
    await revoke(app, gone)
    app.clock.advance(days=29)
    assert await forsake(app) == [kept.user_id, gone.user_id]
    app.clock.advance(days=2)
    assert await forsake(app) == [kept.user_id]
    (proof,) = await rows(app, "SELECT reason, finished_at IS NOT NULL AS done FROM erasures")
    assert (proof["reason"], proof["done"]) == ("forsaken_guest", True)


async def test_how_long_is_a_setting(app: App) -> None:
    gone = await settle_in(app)
    await revoke(app, gone)
    app.clock.advance(days=8)
    assert await forsake(app, guest_days=9) == [gone.user_id]
    assert await forsake(app, guest_days=7) == []


async def test_a_guest_who_never_gave_access_is_erased_too(app: App) -> None:
    token = await app.link_token()
    data_of(await app.widget(token, "auth/anonymous"))
    app.clock.advance(days=31)
    assert await forsake(app) == []
    assert await rows(app, "SELECT id FROM workspaces WHERE name = 'My Workspace'") == []


@pytest.mark.parametrize("reason", ["address", "claimed", "seen", "came back"])
async def test_who_is_no_forsaken_guest_stays(app: App, reason: str) -> None:
    person = await settle_in(app, email="ada@example.com" if reason == "address" else None)
    await revoke(app, person)
    app.clock.advance(days=31)
    now = app.clock.now()
    if reason == "claimed":
        await execute(app, "UPDATE users SET claimed_by = 'user_x' WHERE id = :id", id=person.user_id)
    if reason == "seen":
        await execute(
            app,
            "INSERT INTO account_sessions (id, user_id, token_hash, key_id, created_at, seen_at, expires_at)"
            " VALUES ('as_1', :id, 'x', 'test', :now, :now, :now)",
            id=person.user_id,
            now=now,
        )
    if reason == "came back":
        await execute(
            app, "UPDATE link_sessions SET created_at = :now WHERE user_id = :id", id=person.user_id, now=now
        )
    assert await forsake(app) == [person.user_id]


async def test_more_guests_than_one_transaction_looks_at(app: App) -> None:
    began = app.clock.now() - timedelta(days=60)
    await execute(
        app,
        "INSERT INTO users (id, language, created_at)"
        " SELECT 'user_' || lpad(n::text, 32, '0'), 'en', :began FROM generate_series(1, 450) n",
        began=began,
    )
    await erase_forsaken_guests(erasing_of(app), EraseForsakenGuests())
    assert len(await rows(app, "SELECT id FROM erasures")) == 450
    await erase_forsaken_guests(erasing_of(app), EraseForsakenGuests())
    assert len(await rows(app, "SELECT id FROM erasures")) == 450


async def test_an_erasure_whose_job_has_died_is_taken_up_again(app: App) -> None:
    guest = await settle_in(app)
    await revoke(app, guest)
    app.clock.advance(days=31)
    await erase_forsaken_guests(erasing_of(app), EraseForsakenGuests())
    await execute(app, "DELETE FROM outbox")  # its event, and with it the job, is lost
    await settle(app)
    assert len(await rows(app, "SELECT id FROM users")) == 1
    await resume_erasures(erasing_of(app), ResumeErasures())
    await resume_erasures(erasing_of(app), ResumeErasures())
    await settle(app)
    assert await rows(app, "SELECT id FROM users") == []


async def test_idempotency_records_go_in_batches(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "_PRUNED_AT_ONCE", 2)
    await execute(
        app,
        "INSERT INTO idempotency_records (scope, key, fingerprint, created_at)"
        " SELECT 's', n::text, 'x', :old FROM generate_series(1, 5) n",
        old=app.clock.now() - timedelta(days=2),
    )
    counts = [await app.services.database.execute(idempotency.prune) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


async def test_the_worker_scrubs_its_own_database_alone(
    app: App, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await settle_in(app)
    await revoke(app, guest)
    app.clock.advance(days=31)
    await forsake(app)

    async def is_scrubbed() -> bool:
        return not await rows(app, "SELECT 1 FROM erasures WHERE scrubbed_at IS NULL")

    await scrub_files(erasing_of(app), ScrubFiles())
    assert not await is_scrubbed(), "the database is not in this data directory"
    monkeypatch.setattr("kryptos.surfaces.worker.erasing.cluster_files", lambda _: cluster.data)
    await scrub_files(erasing_of(app, scrub_nightly=False), ScrubFiles())
    assert not await is_scrubbed(), "its operator does not want it"
    await scrub_files(erasing_of(app), ScrubFiles())
    assert await is_scrubbed()
