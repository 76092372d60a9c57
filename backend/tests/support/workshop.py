"""What a worker works with, and a worker that does everything there is to do before a test goes on."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from kryptos.entrypoints.outside import open_http
from kryptos.infra.database import Database
from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.mail import Mailer
from kryptos.infra.queue import Handler, Job, relay_events, store
from kryptos.infra.settings import Settings
from kryptos.kernel.clock import SystemClock
from kryptos.kernel.ids import system_random
from kryptos.providers.registry import Registry
from kryptos.providers.sandbox import SANDBOX_NODES
from kryptos.surfaces.worker.jobs import Workshop, handlers
from kryptos.surfaces.worker.pricing import Pricing
from kryptos.surfaces.worker.subscriptions import SUBSCRIPTIONS
from kryptos.surfaces.worker.syncing import reading_of
from tests.support.app import App


def open_client() -> HttpClient:
    """Return a client of the worker's kind, the sandbox inside it."""
    return open_http(clock=SystemClock(), random_bytes=system_random)


def workshop_of(
    database: Database,
    *,
    settings: Settings | None = None,
    mailer: Mailer | None = None,
    registry: Registry | None = None,
    sources: tuple[Any, ...] = (),
) -> Workshop:
    """Return what jobs work with; without a registry, one over the settings that reaches only the sandbox."""
    settings = settings or Settings()
    registry = registry or Registry(open_client(), settings.upstreams, sandbox_nodes=SANDBOX_NODES)
    return Workshop(
        database=database,
        mailer=mailer,
        settings=settings,
        reading=reading_of(database, registry, settings),
        pricing=Pricing(database=database, sources=sources, clock=SystemClock()),
    )


async def settle(app: App, workshop: Workshop | None = None, *, at_most: int = 200) -> list[str]:
    """Turn events into jobs and do every job that is due, one after the other; return the names of what was done."""
    database = app.services.database
    work = handlers(workshop or workshop_of(database, registry=app.services.registry))
    by_name: dict[str, tuple[type[Job], Handler]] = {kind.name: (kind, each) for kind, each in work.items()}
    done: list[str] = []
    for _ in range(at_most):
        moved = await database.execute(partial(relay_events, subscriptions=SUBSCRIPTIONS))
        claimed = await database.execute(
            partial(
                store.claim, worker_id="worker_test", names=list(by_name), limit=1, lease=timedelta(minutes=5)
            )
        )
        for job in claimed:
            kind, handler = by_name[job.name]
            await handler(msgspec.json.decode(job.payload, type=kind))
            await database.execute(partial(store.finish, claimed=job))
            done.append(job.name)
        if not moved and not claimed:
            return done
        await asyncio.sleep(0)
    message = f"still at work after {at_most} rounds: {done[-5:]}"
    raise AssertionError(message)
