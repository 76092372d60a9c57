"""Wait for the transactions of a moment: whoever began later has seen what was committed before."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Protocol

import sqlalchemy as sa

from kryptos.infra.database.uow import Uow

_LOOK_EVERY_SECONDS = 0.05
_UNDER_WAY = """
SELECT held.virtualtransaction
FROM pg_locks held JOIN pg_stat_activity backend ON backend.pid = held.pid
WHERE held.locktype = 'virtualxid' AND held.mode = 'ExclusiveLock'
  AND backend.datname = current_database() AND backend.pid <> pg_backend_pid()
  AND backend.backend_type = 'client backend'
  AND coalesce(backend.application_name, '') <> 'pg_dump'
"""
"""Every transaction holds a lock on its own virtual id until it ends (PostgreSQL, "pg_locks"). A dump only reads."""


class _Transactions(Protocol):
    async def execute(self, work: Callable[[Uow], Awaitable[frozenset[str]]]) -> frozenset[str]: ...


async def outlast_transactions(database: _Transactions) -> None:
    """Return once every transaction that was under way when this was called has ended, however long that takes."""
    left = await database.execute(list_transactions_under_way)
    while left:
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
        left = await database.execute(partial(list_transactions_under_way, among=left))


async def list_transactions_under_way(uow: Uow, *, among: Collection[str] | None = None) -> frozenset[str]:
    """Return the transactions on this database that have not ended, of ``among`` if given, this one left out."""
    found = frozenset(row.virtualtransaction for row in await uow.all(sa.text(_UNDER_WAY)))
    return found if among is None else found & frozenset(among)
