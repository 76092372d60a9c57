"""Reader: the hottest reads on connections held for them, each a prepared statement, without pool or transaction.

A pool's reset and a transaction around a pure read cost more than the read (docs/adr). A connection that
broke is replaced and the read, which changes nothing, is made once more.
"""

import asyncio
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from kryptos.infra.database.outage import GONE, LATE
from kryptos.infra.telemetry import database_pool_wait_seconds, database_unavailable_total
from kryptos.kernel.errors import Unavailable

_SERVER_SETTINGS = {
    "application_name": "kryptos reader",
    # Each read is a lookup by key: planning it anew for every caller would cost more than the read.
    "plan_cache_mode": "force_generic_plan",
}
_PATIENCE_SECONDS = 10
_WAITED = database_pool_wait_seconds.labels("reads")  # of those that found none free
_PAUSES_SECONDS = (0.0, 0.1, 0.3, 0.6, 1.0)


class _Held:
    """A connection and the statements prepared on it."""

    def __init__(self) -> None:
        self._connection: asyncpg.Connection[Any] | None = None
        self._prepared: dict[str, PreparedStatement[Any]] = {}

    async def fetchrow(
        self, url: str, statement: str, arguments: tuple[object, ...]
    ) -> asyncpg.Record | None:
        if self._connection is None:
            self._connection = await asyncpg.connect(
                url, timeout=5, command_timeout=10, server_settings=_SERVER_SETTINGS
            )
        prepared = self._prepared.get(statement)
        if prepared is None:
            prepared = self._prepared[statement] = await self._connection.prepare(statement)
        return await prepared.fetchrow(*arguments)

    async def drop(self) -> None:
        connection, self._connection = self._connection, None
        self._prepared.clear()
        if connection is not None:
            connection.terminate()


class Reader:
    """``size`` held connections; more simultaneous reads than that wait their turn."""

    def __init__(self, url: str, *, size: int) -> None:
        self._url = url
        self._free: asyncio.LifoQueue[_Held] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(_Held())

    async def fetchrow(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """Return the first row of a read; raise ``Unavailable`` when the database cannot be reached."""
        held = await self._take()
        try:
            for pause_seconds in _PAUSES_SECONDS:
                try:
                    return await held.fetchrow(self._url, statement, arguments)
                except LATE as error:
                    await held.drop()
                    database_unavailable_total.inc()
                    raise Unavailable(retry_after_seconds=1) from error
                except GONE:
                    await held.drop()
                    await asyncio.sleep(pause_seconds)
                except (
                    BaseException
                ):  # a cancelled read leaves an answer on the wire: the next must not get it
                    await held.drop()
                    raise
            database_unavailable_total.inc()
            raise Unavailable(retry_after_seconds=1)
        finally:
            self._free.put_nowait(held)

    async def _take(self) -> _Held:
        if not self._free.empty():
            return self._free.get_nowait()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                with _WAITED.time():
                    return await self._free.get()
        except TimeoutError as error:
            database_unavailable_total.inc()
            raise Unavailable(retry_after_seconds=1) from error

    async def close(self) -> None:
        """Close every held connection."""
        while not self._free.empty():
            await self._free.get_nowait().drop()
