"""Access records: each successful data call is told to the person whose data it was, exactly once (X-04)."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import DataError

from kryptos.domains import grants
from kryptos.domains.grants import Access, AccessRecord, GrantNotFound, GrantOverview
from kryptos.infra.database import Database, Uow
from kryptos.infra.settings import Settings
from kryptos.kernel.errors import Unavailable
from kryptos.kernel.ids import new_id, system_random
from kryptos.providers.contracts import Direction
from kryptos.surfaces.http.access_notes import AccessNotes
from kryptos.surfaces.worker.access import PruneAccessRecords
from kryptos.surfaces.worker.jobs import handlers
from tests.support.app import App
from tests.support.connecting import (
    ETHER,
    TYPED,
    USDC,
    Person,
    ToyChain,
    happened,
    holds,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import connect_by_mail, rows
from tests.support.workshop import settle, workshop_of

EMAIL = "ada@example.com"


async def flush(app: App) -> None:
    await app.services.access_notes.flush(app.services.database)


async def told(app: App, grant_id: str, **page: Any) -> list[AccessRecord]:
    await flush(app)
    given = {"limit": 100, **page}
    return await app.services.database.execute(partial(grants.list_accesses, grant_id=grant_id, **given))


async def overviews(app: App, *user_ids: str, **page: Any) -> list[GrantOverview]:
    return await app.services.database.execute(partial(grants.list_grants_of, user_ids=user_ids, **page))


async def with_accounts(app: App) -> Person:
    person = await settle_in(app, email=EMAIL)
    history = tuple(happened(number, moved(Direction.INCOMING, USDC, "1")) for number in (1, 2, 3))
    use_chains(app, ethereum=ToyChain(items=(holds(USDC, "3"), holds(ETHER, "1")), history=history))
    await person.connected(provider="ethereum", address=TYPED)
    await settle(app)
    return person


async def test_each_call_that_reads_data_is_told_with_what_it_listed(app: App) -> None:
    person = await with_accounts(app)
    tag = (await person.get("holdings")).headers["ETag"]
    calls = (
        person.get("holdings"),
        person.get_unless("holdings", tag),
        person.get("transactions", limit=2),
        person.get("/v1/transactions"),
        person.get("integrations"),
        person.get("userinfo"),
        app.http.head("/api/v1/holdings", headers={"Authorization": f"Bearer {person.access_token}"}),
    )
    statuses = []
    for call in calls:
        app.clock.advance(seconds=1)
        statuses.append((await call).status_code)
    assert statuses == [200, 304, 200, 200, 200, 200, 200]
    records = (await told(app, person.grant_id))[::-1]
    assert [(each.endpoint, each.rows) for each in records] == [
        ("/api/v1/holdings", 2),
        ("/api/v1/holdings", 2),
        ("/api/v1/holdings", None),
        ("/api/v1/transactions", 2),
        ("/api/v1/transactions", 3),
        ("/api/v1/integrations", 1),
        ("/api/v1/userinfo", None),
        ("/api/v1/holdings", None),
    ]
    assert [each.at for each in records] == sorted(each.at for each in records)
    assert all(each.request_id and each.request_id.startswith("req_") for each in records)


async def test_the_shortcut_and_the_frameworks_way_note_the_same(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    for host in ("kryptos.test", "odd_host"):
        headers = {"Authorization": f"Bearer {given['access_token']}", "Host": host}
        assert (await app.http.get("/api/v1/userinfo", headers=headers)).status_code == 200
    assert [each.endpoint for each in await told(app, given["grant_id"])] == ["/api/v1/userinfo"] * 2


async def test_a_call_that_changes_something_is_told_and_one_that_fails_is_not(app: App) -> None:
    person = await settle_in(app, email=EMAIL)
    headers = {"Authorization": f"Bearer {person.access_token}"}
    missing = "/api/v1/integrations/wallet_0/resync"
    assert (await app.http.post(missing, json={}, headers=headers)).status_code in {403, 404}
    assert (await person.get("transactions", limit="many")).status_code == 400
    assert (await person.get("/api/v1/nowhere")).status_code == 404
    wrong = {"Authorization": "Bearer cat_wrong"}
    assert (await app.http.get("/api/v1/userinfo", headers=wrong)).status_code == 401
    assert await told(app, person.grant_id) == []
    person = await connect_with(app, "openid integrations:read integrations:write")
    wallet_id = await person.connected(provider="ethereum", address=TYPED)
    headers = {"Authorization": f"Bearer {person.access_token}"}
    reply = await app.http.post(f"/api/v1/integrations/{wallet_id}/resync", json={}, headers=headers)
    assert reply.status_code == 202
    (record,) = await told(app, person.grant_id)
    assert (record.endpoint, record.rows) == ("/api/v1/integrations/{wallet_id}/resync", None)


async def connect_with(app: App, scopes: str) -> Person:
    created = await app.create_client("Writer", scopes=scopes)
    client = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    return await settle_in(app, client)


async def test_records_come_newest_first_and_page_by_page(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    for _ in range(5):
        app.clock.advance(milliseconds=1)
        assert (await app.userinfo(given["access_token"])).status_code == 200
    whole = await told(app, given["grant_id"])
    assert [each.at for each in whole] == sorted((each.at for each in whole), reverse=True)
    first = await told(app, given["grant_id"], limit=2)
    rest = await told(app, given["grant_id"], before=first[-1].id)
    assert [*first, *rest] == whole


async def test_the_overview_counts_the_last_thirty_days_and_knows_the_last_access(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    assert (await overviews(app, given["user_id"]))[0].last_access_at is None
    await app.userinfo(given["access_token"])
    await flush(app)
    app.clock.advance(days=29)
    for _ in range(3):
        await app.userinfo(given["access_token"])
    at = app.clock.now()
    await flush(app)
    (overview,) = await overviews(app, given["user_id"])
    assert (overview.accesses_last_30_days, overview.last_access_at) == (4, at)
    app.clock.advance(days=2)
    (overview,) = await overviews(app, given["user_id"])
    assert (overview.accesses_last_30_days, overview.last_access_at) == (3, at)


async def test_the_overview_tells_active_revoked_and_expired_newest_first(app: App) -> None:
    first = await connect_by_mail(app, EMAIL)
    await app.post("/token/revoke", {"grant_id": first["grant_id"]})
    revoked_at = app.clock.now()
    app.clock.advance(hours=1)
    second = await connect_by_mail(app, EMAIL)
    assert (await connect_by_mail(app, EMAIL))["grant_id"] == second["grant_id"]
    user_id = first["user_id"]
    active, revoked = await overviews(app, user_id)
    assert (active.status, active.grant.id, active.ended_at) == ("active", second["grant_id"], None)
    assert active.renewed_at is not None
    assert (revoked.status, revoked.ended_at, revoked.ended_by) == ("revoked", revoked_at, "client")
    assert revoked.renewed_at is None
    assert [each.grant.id for each in await overviews(app, user_id, limit=1)] == [second["grant_id"]]
    assert [each.grant.id for each in await overviews(app, user_id, before=second["grant_id"])] == [
        first["grant_id"]
    ]
    app.clock.advance(days=365 * 16)
    expired = (await overviews(app, user_id))[0]
    assert (expired.status, expired.ended_at, expired.ended_by) == ("expired", expired.grant.expires_at, None)


async def test_nobody_elses_grant_is_shown_or_got(app: App) -> None:
    mine, theirs = await connect_by_mail(app, EMAIL), await connect_by_mail(app, "eve@example.org")
    assert [each.grant.id for each in await overviews(app, mine["user_id"])] == [mine["grant_id"]]
    get = partial(grants.get_grant_of, grant_id=theirs["grant_id"])
    assert (await app.services.database.execute(partial(get, user_ids=[theirs["user_id"]]))).id == theirs[
        "grant_id"
    ]
    for user_ids in ([mine["user_id"]], []):
        with pytest.raises(GrantNotFound):
            await app.services.database.execute(partial(get, user_ids=user_ids))
    assert await overviews(app) == []


class Away:
    """A database that is away until it is back; what is written while it answers too late is there all the same."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_away = True
        self.answers_too_late = False

    async def execute(self, work: Any) -> Any:
        if self.answers_too_late:
            await self._database.execute(work)
        if self.is_away or self.answers_too_late:
            raise Unavailable
        return await self._database.execute(work)


async def test_an_outage_loses_nothing_and_writes_nothing_twice(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    for _ in range(3):
        await app.userinfo(given["access_token"])
    away = Away(app.services.database)
    notes = app.services.access_notes
    await notes.flush(away)  # type: ignore[arg-type]
    await app.userinfo(given["access_token"])
    away.is_away, away.answers_too_late = False, True
    await notes.flush(away)  # type: ignore[arg-type]
    away.answers_too_late = False
    await notes.flush(away)  # type: ignore[arg-type]
    await notes.flush(away)  # type: ignore[arg-type]
    assert len(await told(app, given["grant_id"])) == 4
    (token,) = await rows(app, "SELECT last_used_at FROM access_tokens")
    assert token["last_used_at"] == app.clock.now()


ACCESS = Access("at_1", "cgrant_1", "client_1", "user_1", "ws_1", None, (), ())  # type: ignore[arg-type]


async def test_a_flush_that_is_broken_off_loses_nothing(app: App) -> None:
    """A web process that is told to stop breaks off the beat, and flushes once more."""
    given = await connect_by_mail(app, EMAIL)
    await app.userinfo(given["access_token"])

    class Slow:
        async def execute(self, work: Any) -> None:
            await asyncio.Event().wait()

    notes = app.services.access_notes
    beat = asyncio.create_task(notes.flush(Slow()))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    beat.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beat
    assert len(await told(app, given["grant_id"])) == 1
    (token,) = await rows(app, "SELECT last_used_at FROM access_tokens")
    assert token["last_used_at"] is not None


async def test_memory_is_bounded_and_what_is_dropped_is_told(app: App) -> None:
    given = await connect_by_mail(app, EMAIL)
    access = Access("at_1", given["grant_id"], "", "", "", None, (), ())  # type: ignore[arg-type]
    notes = AccessNotes(system_random, most_records=10)
    away = Away(app.services.database)

    def note(*numbers: int) -> None:
        for number in numbers:
            at = app.clock.now() + timedelta(seconds=number)
            notes.note_access(access, at=at, endpoint=str(number), rows=number, request_id="req_1")

    note(*range(8))
    await notes.flush(away)  # type: ignore[arg-type]
    note(*range(8, 15))
    with structlog.testing.capture_logs() as logs:
        await notes.flush(away)  # type: ignore[arg-type]
        away.is_away = False
        await notes.flush(away)  # type: ignore[arg-type]
    assert [each["count"] for each in logs if each["event"] == "access_records_lost"] == [5]
    assert [each.endpoint for each in await told(app, given["grant_id"])] == [
        str(n) for n in range(14, 4, -1)
    ]


async def test_what_cannot_be_written_at_all_is_told_and_not_tried_for_ever(app: App) -> None:
    class Broken:
        async def execute(self, work: Any) -> None:
            raise DataError("", {}, Exception())

    notes = AccessNotes(system_random)
    notes.note_use(ACCESS, at=app.clock.now())
    notes.note_access(ACCESS, at=app.clock.now(), endpoint="/", rows=None, request_id="req_1")
    with structlog.testing.capture_logs() as logs:
        await notes.flush(Broken())  # type: ignore[arg-type]
        await notes.flush(Broken())  # type: ignore[arg-type]
    lost = {each["event"]: each["count"] for each in logs if each["event"].endswith("_lost")}
    assert lost == {"token_uses_lost": 1, "access_records_lost": 1}


async def test_a_process_that_ends_while_the_database_is_away_tells_what_it_takes_along(app: App) -> None:
    notes = AccessNotes(system_random)
    notes.note_access(ACCESS, at=app.clock.now(), endpoint="/", rows=None, request_id="req_1")
    with structlog.testing.capture_logs() as logs:
        await notes.flush(Away(app.services.database))  # type: ignore[arg-type]
        notes.give_up()
    assert [(each["event"], each["count"]) for each in logs] == [("access_records_lost", 1)]


async def test_what_was_erased_does_not_come_back(app: App) -> None:
    """A record that is still in memory when its grant goes is not written any more."""
    given = await connect_by_mail(app, EMAIL)
    await app.userinfo(given["access_token"])
    erase = partial(grants.erase_grants, user_ids=[given["user_id"]], limit=10)
    assert (await app.services.database.execute(erase))["grants"] == 1
    await flush(app)
    assert await rows(app, "SELECT 1 FROM access_records") == []


async def test_old_records_are_pruned_in_batches(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kryptos.domains.grants.service.accesses._PRUNED_AT_ONCE", 2)
    given = await connect_by_mail(app, EMAIL)
    now = app.clock.now()

    async def write(uow: Uow) -> None:
        for days in (0, 29, 30, 31, 32, 33):
            at = now - timedelta(days=days)
            record = AccessRecord(
                given["grant_id"], new_id("acc", at, system_random), at, str(days), None, None
            )
            await grants.record_accesses(uow, accesses=[record])

    await app.services.database.execute(write)
    workshop = workshop_of(app.services.database, settings=Settings(access_record_days=30))
    await handlers(workshop)[PruneAccessRecords](PruneAccessRecords())
    assert [each.endpoint for each in await told(app, given["grant_id"])] == ["0", "29", "30"]
