"""The worker process: turns events into jobs, runs jobs, and keeps the periodic ones coming."""

import asyncio
import signal
from functools import partial

import structlog

from kryptos.entrypoints.outside import open_http, open_price_sources, open_registry
from kryptos.infra.database import Database
from kryptos.infra.mail import mailer_of
from kryptos.infra.postgres import database_url
from kryptos.infra.queue import (
    OUTAGE,
    Outage,
    Runner,
    enqueue_due,
    forget_worker,
    note_worker,
    relay_events,
    repeat,
)
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import Settings
from kryptos.infra.telemetry import configure_logging
from kryptos.kernel.clock import SystemClock
from kryptos.kernel.ids import new_id, system_random
from kryptos.surfaces.http.watching import Watch
from kryptos.surfaces.worker.jobs import Workshop, handlers
from kryptos.surfaces.worker.pricing import Pricing
from kryptos.surfaces.worker.schedule import SCHEDULE
from kryptos.surfaces.worker.subscriptions import SUBSCRIPTIONS
from kryptos.surfaces.worker.syncing import reading_of
from kryptos.surfaces.worker.watched import watched

log = structlog.get_logger(__name__)

_QUEUE_CONNECTIONS = 3
_RELAY_SECONDS = 0.5
_SCHEDULE_SECONDS = 1.0
_SIGN_OF_LIFE_SECONDS = 5.0


def main(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    configure_logging(settings)
    with database_url(settings, purpose="kryptos worker", is_brief=False) as url:
        asyncio.run(_work_until_told(settings, url))


async def _work_until_told(settings: Settings, url: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    await work(settings, url=url, stop=stop)


async def work(settings: Settings, *, url: str, stop: asyncio.Event) -> None:
    """Work until ``stop`` is set; then finish what runs, or give it back."""
    clock = SystemClock()
    hasher = load_token_hasher(settings)
    # Two pools: jobs that use up theirs must not keep the queue from prolonging their leases.
    jobs_database = Database(url, clock=clock, hasher=hasher, pool_size=settings.database_pool)
    queue_database = Database(url, clock=clock, hasher=hasher, pool_size=_QUEUE_CONNECTIONS)
    mailer = mailer_of(settings, database=jobs_database, clock=clock)
    http = open_http(clock=clock, random_bytes=system_random)
    registry = open_registry(settings, http)
    reading = reading_of(jobs_database, registry, settings)
    pricing = Pricing(database=jobs_database, sources=open_price_sources(settings, http), clock=clock)
    started_at = clock.now()
    worker_id = new_id("worker", started_at, system_random)
    outage = Outage()
    runner = Runner(
        queue_database,
        handlers(
            Workshop(
                database=jobs_database, mailer=mailer, settings=settings, reading=reading, pricing=pricing
            )
        ),
        worker_id=worker_id,
        concurrency=settings.worker_concurrency,
        outage=outage,
    )

    async def relay() -> bool:
        moved = await queue_database.execute(partial(relay_events, subscriptions=SUBSCRIPTIONS))
        if moved:
            runner.bell.set()
        return moved > 0

    async def begin_periods() -> None:
        if await queue_database.execute(partial(enqueue_due, periodic=SCHEDULE)):
            runner.bell.set()

    async def show_life() -> None:
        await queue_database.execute(partial(note_worker, worker_id=worker_id, started_at=started_at))

    keep_on = partial(repeat, stop=stop, outage=outage)
    log.info("worker_started", worker_id=worker_id, concurrency=settings.worker_concurrency)
    try:
        async with watched(settings, Watch(queue_database)), asyncio.TaskGroup() as group:
            group.create_task(runner.run(stop))
            group.create_task(keep_on("relay", relay, pause_seconds=_RELAY_SECONDS))
            group.create_task(keep_on("schedule", begin_periods, pause_seconds=_SCHEDULE_SECONDS))
            group.create_task(keep_on("life", show_life, pause_seconds=_SIGN_OF_LIFE_SECONDS))
        await _say_goodbye(queue_database, worker_id)
    finally:
        await http.close()
        await jobs_database.close()
        await queue_database.close()
    log.info("worker_stopped", worker_id=worker_id)


async def _say_goodbye(database: Database, worker_id: str) -> None:
    try:
        await database.execute(partial(forget_worker, worker_id=worker_id))
    except OUTAGE:
        log.warning("worker_not_signed_off", worker_id=worker_id)  # it is forgotten within a day
