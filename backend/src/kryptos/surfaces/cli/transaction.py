"""The transactions of a command, on the database wherever it is: embedded and run meanwhile, or external."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from kryptos.infra.database import Database, Uow
from kryptos.infra.migrations.requirement import require_schema
from kryptos.infra.postgres import database_url
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import Settings
from kryptos.infra.telemetry import configure_logging
from kryptos.kernel.clock import Clock

Result = TypeVar("Result")


def execute(
    settings: Settings, clock: Clock, work: Callable[[Uow], Awaitable[Result]], *, purpose: str
) -> Result:
    """Run ``work`` in one transaction; the schema of an embedded database is brought up to date first."""

    async def in_one(database: Database) -> Result:
        return await database.execute(work)

    return run(settings, clock, in_one, purpose=purpose)


def run(
    settings: Settings, clock: Clock, work: Callable[[Database], Awaitable[Result]], *, purpose: str
) -> Result:
    """Run ``work`` on the database, for what takes several transactions or one of its own kind."""
    configure_logging(msgspec.structs.replace(settings, log_level="warning"))  # a person reads this terminal
    with database_url(settings, purpose=purpose) as url:
        return asyncio.run(_run(settings, clock, work, url))


async def _run(
    settings: Settings, clock: Clock, work: Callable[[Database], Awaitable[Result]], url: str
) -> Result:
    await require_schema(url, is_embedded=settings.database_url is None)
    database = Database(url, clock=clock, hasher=load_token_hasher(settings), pool_size=1)
    try:
        return await work(database)
    finally:
        await database.close()
