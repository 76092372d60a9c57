"""Events become jobs exactly once; periodic jobs are enqueued once per period; workers are seen."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar

import msgspec
import pytest
import pytest_asyncio

from kryptos.infra.database import Database, Event, Uow
from kryptos.infra.queue import (
    Job,
    Periodic,
    count_jobs,
    enqueue_due,
    find_last_worker_sign,
    forget_worker,
    list_dead,
    note_worker,
    outbox_lag,
    prune_workers,
    relay_events,
)
from tests.support.clock import ManualClock
from tests.support.queue import Work, open_database, query


class TeaBrewed(Event, frozen=True):
    name: ClassVar[str] = "tea_brewed"
    cup: str


class NobodyCares(Event, frozen=True):
    name: ClassVar[str] = "nobody_cares"


def drink(payload: bytes) -> Sequence[Job]:
    cup = msgspec.json.decode(payload, type=TeaBrewed).cup
    return [Work(what=f"drink {cup}"), Work(what=f"wash {cup}")]


RELAY = partial(relay_events, subscriptions={TeaBrewed.name: drink})


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: str, clock: ManualClock) -> AsyncIterator[Database]:
    opened = open_database(database_url, clock)
    yield opened
    await opened.close()


async def happen(database: Database, *events: Event) -> None:
    async def work(uow: Uow) -> None:
        for event in events:
            uow.emit(event)

    await database.execute(work)


async def wanted(url: str) -> list[str]:
    rows = await query(
        url, "SELECT convert_from(payload, 'UTF8')::json ->> 'what' AS what FROM jobs ORDER BY 1"
    )
    return [row["what"] for row in rows]


async def test_an_event_becomes_its_jobs_and_leaves_the_outbox(database: Database, database_url: str) -> None:
    await happen(database, TeaBrewed(cup="mine"), NobodyCares())
    assert await database.execute(RELAY) == 2
    assert await wanted(database_url) == ["drink mine", "wash mine"]
    assert await database.execute(RELAY) == 0


class Crashed(Exception):
    pass


async def test_a_crash_between_taking_and_committing_changes_nothing(
    database: Database, database_url: str
) -> None:
    await happen(database, TeaBrewed(cup="mine"))

    async def crash(uow: Uow) -> None:
        assert await RELAY(uow) == 1
        raise Crashed

    with pytest.raises(Crashed):
        await database.execute(crash)
    assert await wanted(database_url) == []
    assert await database.execute(RELAY) == 1
    assert await wanted(database_url) == ["drink mine", "wash mine"]


async def test_many_relays_and_crashes_neither_lose_nor_double(database: Database, database_url: str) -> None:
    cups = [f"{number:03}" for number in range(350)]
    for start in range(0, len(cups), 50):
        await happen(database, *[TeaBrewed(cup=cup) for cup in cups[start : start + 50]])
    attempts = iter(range(1000))

    async def relay_or_crash(uow: Uow) -> int:
        moved = await RELAY(uow)
        await asyncio.sleep(0)
        if next(attempts) % 3 == 0:
            raise Crashed
        return moved

    async def relay_all() -> None:
        while True:
            try:
                if not await database.execute(relay_or_crash) and not await query(
                    database_url, "SELECT 1 FROM outbox LIMIT 1"
                ):
                    return
            except Crashed:
                continue

    async with asyncio.timeout(60):
        await asyncio.gather(*(relay_all() for _ in range(4)))
    assert await wanted(database_url) == sorted(f"{verb} {cup}" for verb in ("drink", "wash") for cup in cups)


async def test_an_event_that_cannot_be_understood_is_kept_and_does_not_hold_up_others(
    database: Database, database_url: str
) -> None:
    await happen(database, TeaBrewed(cup="broken"))
    await query(database_url, "UPDATE outbox SET payload = '{}'")
    await happen(database, TeaBrewed(cup="mine"))
    assert await database.execute(RELAY) == 2
    (dead,) = await database.execute(list_dead)
    assert (dead.name, dead.payload) == ("event:tea_brewed", b"{}")
    assert dead.error is not None
    assert "cup" in dead.error
    assert await database.execute(count_jobs) == {"waiting": 2, "running": 0, "dead": 1}


async def test_the_lag_is_the_age_of_the_oldest_event(database: Database, clock: ManualClock) -> None:
    assert await database.execute(outbox_lag) == timedelta(0)
    await happen(database, TeaBrewed(cup="first"))
    clock.advance(seconds=7)
    await happen(database, TeaBrewed(cup="second"))
    assert await database.execute(outbox_lag) == timedelta(seconds=7)


async def test_a_periodic_job_is_enqueued_once_per_period_by_two_workers(
    database: Database, database_url: str, clock: ManualClock
) -> None:
    due = partial(enqueue_due, periodic=[Periodic(Work(what="hourly"), every=timedelta(hours=1))])

    async def both() -> int:
        return sum(await asyncio.gather(database.execute(due), database.execute(due)))

    assert await both() == 1  # 12:00, at once
    clock.advance(minutes=59)
    assert await both() == 0
    clock.advance(minutes=1)
    assert await both() == 1
    clock.advance(hours=5, minutes=30)
    assert await both() == 1  # missed ones are not made up for
    clock.advance(minutes=29)
    assert await both() == 0
    clock.advance(minutes=1)
    assert await both() == 1  # and the periods did not shift
    assert await wanted(database_url) == ["hourly"] * 4


async def test_a_worker_that_fell_behind_does_a_periodic_job_once(
    database: Database, database_url: str, clock: ManualClock
) -> None:
    due = partial(enqueue_due, periodic=[Periodic(Work(key="seal"), every=timedelta(seconds=10))])
    for _ in range(3):
        assert await database.execute(due) == 1
        clock.advance(seconds=10)
    assert len(await query(database_url, "SELECT id FROM jobs")) == 1


async def test_workers_are_seen_and_forgotten(database: Database, clock: ManualClock) -> None:
    assert await database.execute(find_last_worker_sign) is None
    note = partial(note_worker, worker_id="worker_1", started_at=clock.now())
    await database.execute(note)
    clock.advance(minutes=1)
    await database.execute(note)
    assert await database.execute(find_last_worker_sign) == clock.now()
    clock.advance(days=2)
    await database.execute(partial(note_worker, worker_id="worker_2", started_at=clock.now()))
    assert await database.execute(prune_workers) == 1
    await database.execute(partial(forget_worker, worker_id="worker_2"))
    assert await database.execute(find_last_worker_sign) is None
