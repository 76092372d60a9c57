"""Jobs, workers and a table of effects for tests of the queue; also the program of a worker process to kill."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import ClassVar

import asyncpg
import pytest
import sqlalchemy as sa

from kryptos.infra.database import Database, Uow
from kryptos.infra.queue import Handler, Job, Runner
from kryptos.infra.secrets import TokenHasher
from kryptos.kernel.clock import Clock, SystemClock

LEASE = timedelta(seconds=1)


class Work(Job, frozen=True):
    """A job that does what its handler says, in the lane and under the key that its fields say."""

    name: ClassVar[str] = "work"
    max_starts: ClassVar[int] = 3
    what: str = ""
    in_lane: str | None = None
    key: str | None = None

    @property
    def lane(self) -> str | None:
        return self.in_lane

    @property
    def dedup_key(self) -> str | None:
        return self.key


def open_database(url: str, clock: Clock | None = None) -> Database:
    """Return a database with a hasher of its own and the machine's clock, if no other is given."""
    return Database(url, clock=clock or SystemClock(), hasher=TokenHasher({"1": b"k" * 32}), pool_size=8)


async def query(url: str, statement: str, *arguments: object) -> list[asyncpg.Record]:
    """Run one statement on a connection of its own and return its rows."""
    connection = await asyncpg.connect(url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
    finally:
        await connection.close()
    return rows


async def eventually(
    holds: Callable[[], Awaitable[object]], *, what: str, timeout_seconds: float = 60
) -> None:
    """Return once ``holds()`` is true; fail the test saying ``what`` never came to be."""
    for _ in range(int(timeout_seconds / 0.05)):
        if await holds():
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"not within {timeout_seconds:.0f} s: {what}")


@asynccontextmanager
async def working(
    url: str,
    handler: Handler,
    *,
    worker_id: str = "worker_1",
    clock: Clock | None = None,
    concurrency: int = 10,
) -> AsyncIterator[Runner]:
    """Run ``Work`` jobs while the block runs."""
    database = open_database(url, clock)
    runner = Runner(
        database,
        {Work: handler},
        worker_id=worker_id,
        concurrency=concurrency,
        lease=LEASE,
        grace_seconds=0.2,
    )
    stop = asyncio.Event()
    task = asyncio.create_task(runner.run(stop))
    try:
        yield runner
    finally:
        stop.set()
        await task
        await database.close()


EFFECTS = "CREATE TABLE IF NOT EXISTS effects (what text PRIMARY KEY)"
STARTS = "CREATE TABLE IF NOT EXISTS started (what text, worker_id text)"


async def _start_then_hang(database: Database, worker_id: str, job: Work) -> None:
    """Note the start, in a transaction of its own; the first worker then hangs, the second takes effect once."""

    async def note(uow: Uow) -> None:
        await uow.execute(
            sa.text("INSERT INTO started VALUES (:what, :worker)").bindparams(what=job.what, worker=worker_id)
        )

    async def take_effect(uow: Uow) -> None:
        insert = "INSERT INTO effects VALUES (:what) ON CONFLICT DO NOTHING"
        await uow.execute(sa.text(insert).bindparams(what=job.what))

    await database.execute(note)
    await database.execute(take_effect)
    if worker_id == "worker_that_hangs":
        await asyncio.sleep(3600)


async def _main(url: str, worker_id: str) -> None:
    database = open_database(url)
    handler = partial(_start_then_hang, database, worker_id)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with working(url, handler, worker_id=worker_id):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2]))
