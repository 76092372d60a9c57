"""The queue: a job exists if its transaction does, runs one at a time per lane, comes back later, and dies visibly."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
import pytest_asyncio
import sqlalchemy as sa

from kryptos.infra.database import Database, Uow
from kryptos.infra.queue import count_jobs, enqueue, list_dead, prune_jobs, revive, store
from kryptos.infra.queue.store import Claimed, pause_before_restart
from kryptos.kernel.ids import system_random
from tests.support.clock import ManualClock
from tests.support.queue import Work, eventually, open_database, query, working

NAMES = [Work.name]
LEASE = timedelta(minutes=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: str, clock: ManualClock) -> AsyncIterator[Database]:
    opened = open_database(database_url, clock)
    yield opened
    await opened.close()


async def put(database: Database, job: Work) -> str:
    return await database.execute(lambda uow: enqueue(uow, job))


async def claim(database: Database, worker_id: str = "worker_1", limit: int = 10) -> list[Claimed]:
    return await database.execute(
        partial(store.claim, worker_id=worker_id, names=NAMES, limit=limit, lease=LEASE)
    )


class Abandoned(Exception):
    pass


async def test_a_rollback_drops_the_job(database: Database) -> None:
    async def abandon(uow: Uow) -> None:
        await enqueue(uow, Work())
        raise Abandoned

    with pytest.raises(Abandoned):
        await database.execute(abandon)
    assert await claim(database) == []


async def test_a_job_is_claimed_once_with_its_payload(database: Database) -> None:
    job_id = await put(database, Work(what="tea"))
    (claimed,) = await claim(database)
    assert (claimed.id, claimed.starts) == (job_id, 1)
    assert b'"tea"' in claimed.payload
    assert await claim(database, "worker_2") == []
    assert await database.execute(partial(store.finish, claimed=claimed))
    assert await database.execute(count_jobs) == {"waiting": 0, "running": 0, "dead": 0}


async def test_a_job_whose_name_is_unknown_waits_for_a_worker_that_knows_it(database: Database) -> None:
    await put(database, Work())
    other = partial(store.claim, worker_id="old", names=["something_else"], limit=10, lease=LEASE)
    assert await database.execute(other) == []
    assert len(await claim(database)) == 1


async def test_a_job_for_later_waits(database: Database, clock: ManualClock) -> None:
    later = clock.now() + timedelta(hours=1)
    await database.execute(lambda uow: enqueue(uow, Work(), run_at=later))
    assert await claim(database) == []
    clock.advance(hours=1)
    assert len(await claim(database)) == 1


async def test_two_jobs_of_a_lane_are_never_claimed_together(database: Database, clock: ManualClock) -> None:
    for what in ("first", "second"):
        await put(database, Work(what=what, in_lane="wallet"))
        clock.advance(seconds=1)
    await put(database, Work(what="elsewhere", in_lane="other wallet"))
    await put(database, Work(what="no lane"))
    claimed = await claim(database)
    assert sorted(job.payload.split(b'"')[3] for job in claimed) == [b"elsewhere", b"first", b"no lane"]
    assert await claim(database, "worker_2") == []
    first = next(job for job in claimed if b"first" in job.payload)
    await database.execute(partial(store.finish, claimed=first))
    (second,) = await claim(database, "worker_2")
    assert b"second" in second.payload


async def test_two_workers_that_see_a_lane_free_at_once_do_not_both_get_it(
    database: Database, database_url: str
) -> None:
    for _ in range(2):
        await put(database, Work(in_lane="wallet"))
    claim_one = partial(store.claim, names=NAMES, limit=1, lease=LEASE)

    async def claim_while_another_does(uow: Uow) -> asyncio.Task[list[Claimed]]:
        assert len(await claim_one(uow, worker_id="worker_1")) == 1
        other = asyncio.create_task(database.execute(partial(claim_one, worker_id="worker_2")))
        await eventually(is_blocked, what="the other claim waiting for ours to commit")
        return other

    async def is_blocked() -> object:
        blocked = "SELECT 1 FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
        return await query(database_url, blocked)

    other = await database.execute(claim_while_another_does)
    with pytest.raises(sa.exc.IntegrityError):
        await other
    assert (await database.execute(count_jobs))["running"] == 1


async def test_one_at_a_time_per_lane_under_two_workers(database_url: str, database: Database) -> None:
    active: set[str | None] = set()
    overlaps: list[str | None] = []
    done: list[Work] = []

    async def handler(job: Work) -> None:
        if job.in_lane in active:
            overlaps.append(job.in_lane)
        active.add(job.in_lane)
        await asyncio.sleep(0.005)
        active.discard(job.in_lane)
        done.append(job)

    wanted = [Work(what=str(number), in_lane=f"wallet {number % 3}") for number in range(60)]
    for job in wanted:
        await put(database, job)
    async with (
        working(database_url, handler, worker_id="worker_1"),
        working(database_url, handler, worker_id="worker_2"),
    ):

        async def all_done() -> bool:
            return len(done) == len(wanted)

        await eventually(all_done, what="all jobs done")
    assert overlaps == []
    assert sorted(job.what for job in done) == sorted(job.what for job in wanted)


async def test_jobs_with_one_key_are_one_job_until_it_begins(database: Database, clock: ManualClock) -> None:
    later = clock.now() + timedelta(hours=1)
    first = await database.execute(lambda uow: enqueue(uow, Work(key="sync"), run_at=later))
    assert await put(database, Work(key="sync")) == first  # and it is due earlier now
    assert await put(database, Work(key="another")) != first
    claimed = await claim(database)
    assert first in [job.id for job in claimed]
    assert await put(database, Work(key="sync")) != first  # what changed since it began is seen by the next


async def test_a_job_that_failed_does_not_stand_in_for_a_new_one(
    database: Database, clock: ManualClock
) -> None:
    first = await put(database, Work(key="sync"))
    (claimed,) = await claim(database)
    second = await put(database, Work(key="sync"))
    await database.execute(partial(store.fail, claimed=claimed, error="no luck"))
    assert {first, second} == {row.id for row in await claim_all(database, clock)}


async def claim_all(database: Database, clock: ManualClock) -> list[Claimed]:
    clock.advance(hours=1)
    return await claim(database)


async def test_a_waiting_job_is_not_begun_while_somebody_still_adds_a_reason_for_it(
    database: Database,
) -> None:
    await put(database, Work(key="sync"))

    async def add_reason(uow: Uow) -> list[Claimed]:
        await enqueue(uow, Work(key="sync"))
        return await claim(database)

    assert await database.execute(add_reason) == []
    assert len(await claim(database)) == 1


async def test_a_failed_job_comes_back_later_and_later_and_dies_after_its_last_start(
    database: Database, clock: ManualClock
) -> None:
    job_id = await put(database, Work(what="impossible"))
    for start in (1, 2, 3):
        (claimed,) = await claim(database)
        assert claimed.starts == start
        error = "the bank said no to cat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        state = await database.execute(partial(store.fail, claimed=claimed, error=error))
        assert state == ("waiting" if start < 3 else "dead")
        assert await claim(database) == []
        clock.advance(seconds=2 * 2 ** (start - 1) * 0.75 - 0.01)
        assert await claim(database) == []
        clock.advance(seconds=2 * 2 ** (start - 1) * 0.5 + 0.02)
    assert await claim(database) == []
    (dead,) = await database.execute(list_dead)
    assert (dead.id, dead.name, dead.starts) == (job_id, "work", 3)
    assert dead.error == "the bank said no to cat_[redacted]"

    assert await database.execute(lambda uow: revive(uow, job_id=job_id))
    (claimed,) = await claim(database)
    assert claimed.starts == 4
    assert await database.execute(partial(store.fail, claimed=claimed, error="again")) == "dead"

    clock.advance(days=29)
    assert await database.execute(prune_jobs) == 0
    clock.advance(days=2)
    assert await database.execute(prune_jobs) == 1


@pytest.mark.parametrize(("starts", "seconds"), [(1, 2), (2, 4), (5, 32), (9, 512), (10, 900), (1000, 900)])
def test_the_pause_doubles_up_to_a_quarter_of_an_hour(starts: int, seconds: int) -> None:
    assert pause_before_restart(starts, 0.5) == timedelta(seconds=seconds)
    chance = int.from_bytes(system_random(4), "big") / 2**32
    assert abs(pause_before_restart(starts, chance).total_seconds() - seconds) <= seconds / 4


async def expire(url: str) -> None:
    await query(url, "UPDATE jobs SET leased_until = now() - interval '1 second' WHERE state = 'running'")


async def test_crashes_count_as_starts(database: Database, database_url: str, clock: ManualClock) -> None:
    await put(database, Work())
    take_back = partial(store.take_back_expired, except_ids=[])
    for state in ("waiting", "waiting", "dead"):
        assert len(await claim(database)) == 1
        assert await database.execute(take_back) == []
        await expire(database_url)
        assert await database.execute(take_back) == [("work", state)]
        clock.advance(hours=1)
    (dead,) = await database.execute(list_dead)
    assert dead.error == store.VANISHED


async def test_a_worker_that_was_overtaken_can_neither_finish_nor_fail_the_job(
    database: Database, database_url: str, clock: ManualClock
) -> None:
    await put(database, Work())
    (old,) = await claim(database)
    await expire(database_url)
    await database.execute(partial(store.take_back_expired, except_ids=[]))
    clock.advance(hours=1)
    (new,) = await claim(database, "worker_2")
    assert not await database.execute(partial(store.finish, claimed=old))
    assert await database.execute(partial(store.fail, claimed=old, error="late")) is None
    await database.execute(partial(store.release, claimed=old))
    hold = partial(store.hold, ids=[old.id], lease=LEASE)
    assert await database.execute(partial(hold, worker_id="worker_1")) == set()
    assert await database.execute(partial(hold, worker_id="worker_2")) == {(new.id, 2)}
    assert await database.execute(partial(store.finish, claimed=new))


async def test_a_stopping_worker_gives_its_job_back_without_a_start_lost(
    database_url: str, database: Database
) -> None:
    began = asyncio.Event()
    stopped: list[str] = []

    async def hang(job: Work) -> None:
        began.set()
        try:
            await asyncio.sleep(3600)
        finally:
            stopped.append(job.what)

    await put(database, Work(what="long"))
    async with working(database_url, hang):
        await began.wait()
    assert stopped == ["long"]
    (row,) = await query(database_url, "SELECT state, starts, max_starts, worker_id FROM jobs")
    assert tuple(row) == ("waiting", 1, 4, None)


async def test_a_long_job_keeps_its_lease_and_an_overtaken_one_is_stopped(
    database_url: str, database: Database
) -> None:
    began = asyncio.Event()
    stopped = asyncio.Event()

    async def hang(_job: Work) -> None:
        began.set()
        try:
            await asyncio.sleep(3600)
        finally:
            stopped.set()

    job_id = await put(database, Work())
    async with working(database_url, hang):
        await began.wait()
        (before,) = await query(database_url, "SELECT leased_until FROM jobs")

        async def is_prolonged() -> bool:
            (now,) = await query(database_url, "SELECT leased_until FROM jobs")
            return bool(now["leased_until"] > before["leased_until"] + timedelta(seconds=1))

        await eventually(is_prolonged, what="the lease prolonged")
        await query(database_url, "UPDATE jobs SET worker_id = 'worker_2', starts = 2 WHERE id = $1", job_id)
        async with asyncio.timeout(30):
            await stopped.wait()
    (row,) = await query(database_url, "SELECT state, starts, worker_id FROM jobs")
    assert tuple(row) == ("running", 2, "worker_2")


async def test_a_failing_handler_and_a_payload_of_another_age_are_failures(
    database_url: str, database: Database
) -> None:
    async def refuse(_job: Work) -> None:
        message = "not today"
        raise ValueError(message)

    await put(database, Work(what="refused"))
    broken = await put(database, Work(what="broken"))
    await query(database_url, "UPDATE jobs SET payload = '{\"what\": 7}'::bytea WHERE id = $1", broken)
    async with working(database_url, refuse):

        async def both_failed() -> bool:
            rows = await query(database_url, "SELECT error FROM jobs WHERE error IS NOT NULL")
            return len(rows) == 2

        await eventually(both_failed, what="both failed")
    errors = [
        row["error"] for row in await query(database_url, "SELECT error FROM jobs ORDER BY id = $1", broken)
    ]
    assert errors[0] == "ValueError('not today')"
    assert "Expected `str`, got `int`" in errors[1]
