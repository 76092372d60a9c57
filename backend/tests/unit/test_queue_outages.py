"""Nothing is lost when a worker is killed or PostgreSQL goes away; what has an effect once has it once."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest_asyncio
import sqlalchemy as sa

from kryptos.infra.database import Database, Uow
from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres import Cluster
from kryptos.infra.queue import enqueue
from tests.support.queue import EFFECTS, STARTS, Work, eventually, open_database, query, working

BACKEND = Path(__file__).parents[2]


async def put(database: Database, *jobs: Work) -> None:
    async def work(uow: Uow) -> None:
        for job in jobs:
            await enqueue(uow, job)

    await database.execute(work)


async def worker_process(url: str, worker_id: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.queue", url, worker_id, cwd=BACKEND
    )


async def test_the_job_of_a_killed_worker_is_finished_by_another(database_url: str) -> None:
    await query(database_url, EFFECTS)
    await query(database_url, STARTS)
    database = open_database(database_url)
    await put(database, Work(what="pay"))
    await database.close()

    async def starts(count: int) -> bool:
        return len(await query(database_url, "SELECT * FROM started")) == count

    async def is_done() -> bool:
        return not await query(database_url, "SELECT id FROM jobs")

    first = await worker_process(database_url, "worker_that_hangs")
    await eventually(lambda: starts(1), what="the first start")
    first.kill()
    await first.wait()
    second = await worker_process(database_url, "worker_that_works")
    try:
        await eventually(is_done, what="the job done")
    finally:
        second.terminate()
        await second.wait()
    started = await query(database_url, "SELECT worker_id FROM started")
    assert [row["worker_id"] for row in started] == ["worker_that_hangs", "worker_that_works"]
    assert len(await query(database_url, "SELECT * FROM effects")) == 1


@pytest_asyncio.fixture(loop_scope="session")
async def own_cluster() -> AsyncIterator[Cluster]:
    """A server that this test alone may stop."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    cluster = Cluster(directory, purpose="a test that stops it")
    try:
        cluster.start()
        await migrate(cluster.url())
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(directory, ignore_errors=True)


async def test_work_goes_on_after_postgresql_was_restarted(own_cluster: Cluster) -> None:
    url = own_cluster.url()
    await query(url, EFFECTS)
    database = open_database(url)
    jobs = [Work(what=str(number), in_lane=f"lane {number % 7}") for number in range(200)]
    await put(database, *jobs)

    async def take_effect(uow: Uow, *, what: str) -> None:
        insert = "INSERT INTO effects VALUES (:what) ON CONFLICT DO NOTHING"
        await uow.execute(sa.text(insert).bindparams(what=what))

    async def handler(job: Work) -> None:
        await asyncio.sleep(0.01)
        await database.execute(partial(take_effect, what=job.what))

    async def effects(count: int) -> bool:
        return len(await query(url, "SELECT * FROM effects")) >= count

    async def is_done() -> bool:
        return not await query(url, "SELECT id FROM jobs")

    async with working(url, handler):
        await eventually(lambda: effects(20), what="some work done")
        await asyncio.to_thread(own_cluster.stop)
        await asyncio.sleep(3)  # longer than a transaction is tried again
        await asyncio.to_thread(own_cluster.start)
        await eventually(is_done, what="all work done")
    assert len(await query(url, "SELECT * FROM effects")) == len(jobs)
    await database.close()
