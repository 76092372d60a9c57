"""Database and Uow: one request or one job step is one transaction, begun and ended here and nowhere else."""

import asyncio
import base64
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, TypeVar

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from kryptos.infra.database.outage import GONE, LATE, is_passing
from kryptos.infra.database.tables import outbox
from kryptos.infra.secrets import TokenHasher
from kryptos.infra.telemetry import database_pool_wait_seconds, database_unavailable_total
from kryptos.kernel.clock import Clock
from kryptos.kernel.errors import KryptosError, Unavailable
from kryptos.kernel.ids import RandomBytes, new_id, system_random

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

_TOKEN_BYTES = 32
_WAITED = database_pool_wait_seconds.labels("transactions")
_PAUSES_SECONDS = (
    0.02,
    0.1,
    0.3,
    0.6,
    1.0,
)  # about two seconds in all: longer than PostgreSQL takes to restart


class Event(msgspec.Struct, frozen=True):
    """A past-tense fact, written to the outbox in the transaction that made it true. ``name`` is its stable word."""

    name: ClassVar[str]


class Origin(msgspec.Struct, frozen=True):
    """Where a request came from, for the audit log."""

    request_id: str | None = None
    address: str | None = None


NOWHERE = Origin()


class Uow:
    """One transaction, its instant and its sources of chance: the first argument of every use case."""

    def __init__(
        self,
        connection: AsyncConnection,
        *,
        now: datetime,
        hasher: TokenHasher,
        random_bytes: RandomBytes = system_random,
        origin: Origin = NOWHERE,
    ) -> None:
        self.connection = connection
        self.now = now
        self.origin = origin
        self._hasher = hasher
        self._random_bytes = random_bytes
        self._events: list[Event] = []
        self._ids_made = 0

    def new_id(self, prefix: str) -> str:
        """Return a new identifier, ``user`` → ``user_0192…``; those of one transaction sort in their order."""
        self._ids_made += 1
        return new_id(prefix, self.now, self._random_bytes, place=self._ids_made)

    def new_token(self, prefix: str) -> str:
        """Return a new secret of 256 random bits: ``link`` → ``link_…`` (base64url)."""
        return f"{prefix}_{_base64url(self._random_bytes(_TOKEN_BYTES))}"

    def random_bytes(self, count: int) -> bytes:
        """Return ``count`` random bytes."""
        return self._random_bytes(count)

    def random_digits(self, count: int) -> str:
        """Return ``count`` decimal digits, each combination as likely as any other (within 2**-64)."""
        return f"{int.from_bytes(self._random_bytes(16), 'big') % 10**count:0{count}d}"

    @property
    def key_id(self) -> str:
        """Id of the key that ``hash`` uses, stored beside each hash."""
        return self._hasher.key_id

    def hash(self, token: str) -> bytes:
        """Return the hash under which a secret is stored."""
        return self._hasher.hash(token)

    def hashes(self, token: str) -> list[bytes]:
        """Return every hash under which a presented secret may be stored."""
        return self._hasher.candidates(token)

    def derived_key(self, purpose: str) -> bytes:
        """Return a 32-byte key of this installation for one purpose."""
        return self._hasher.derive(purpose)

    def emit(self, event: Event) -> None:
        """Record a fact for whoever subscribes; it exists if and only if this transaction commits."""
        self._events.append(event)

    async def execute(self, statement: sa.Executable) -> sa.CursorResult[Any]:
        """Run one statement and return its result."""
        result: sa.CursorResult[Any] = await self.connection.execute(statement)
        return result

    async def first(self, statement: sa.Executable) -> sa.Row[Any] | None:
        """Run one statement and return its first row, if any."""
        return (await self.execute(statement)).first()

    async def all(self, statement: sa.Executable) -> Sequence[sa.Row[Any]]:
        """Run one statement and return its rows."""
        return (await self.execute(statement)).all()

    async def dicts(self, statement: sa.Executable) -> list[dict[str, Any]]:
        """Run one statement and return its rows by the names of their columns, to be told as they are."""
        return [dict(each) for each in (await self.execute(statement)).mappings()]

    async def flush(self) -> None:
        """Write the recorded facts; called once, right before the commit."""
        if self._events:
            rows = [
                {
                    "id": self.new_id("evt"),
                    "name": event.name,
                    "payload": msgspec.json.encode(event),
                    "occurred_at": self.now,
                }
                for event in self._events
            ]
            await self.connection.execute(sa.insert(outbox), rows)


class Database:
    """The connections of one process, and the one place where transactions begin, end and are tried again."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        hasher: TokenHasher,
        pool_size: int = 10,
        random_bytes: RandomBytes = system_random,
    ) -> None:
        self._clock = clock
        self._hasher = hasher
        self._random_bytes = random_bytes
        self.url = url
        self._engine = create_async_engine(
            sa.engine.make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            max_overflow=0,
            hide_parameters=True,  # an address or a name must not reach a traceback
            pool_timeout=10,
            connect_args={
                "timeout": 10,
                "command_timeout": 20,
                "server_settings": {"application_name": "kryptos"},
            },
        )

    @property
    def hasher(self) -> TokenHasher:
        """How this installation hashes its tokens."""
        return self._hasher

    async def execute(self, work: Callable[[Uow], Awaitable[Result]], *, origin: Origin = NOWHERE) -> Result:
        """Run ``work`` in one transaction and return its result.

        Commits when ``work`` returns (or raises an error that keeps its writes), rolls back otherwise. Runs ``work``
        again after a serialization failure, a deadlock or a connection lost before the commit, so it must have no
        other effect. Raises ``Unavailable`` when the database cannot be reached, does not answer in time or was lost
        while committing.
        """
        for pause_seconds in (*_PAUSES_SECONDS, None):
            attempt = _Attempt(self._engine)
            try:
                return await attempt.run(work, partial(self._uow, origin=origin))
            except (sa.exc.DBAPIError, sa.exc.TimeoutError, *GONE) as error:
                if not is_passing(error):
                    raise
                if attempt.is_committing or pause_seconds is None or isinstance(error, LATE):
                    database_unavailable_total.inc()
                    raise Unavailable(retry_after_seconds=1) from error
                log.debug("transaction_repeated", reason=type(error).__name__, detail=str(error)[:200])
            await asyncio.sleep(pause_seconds * (0.5 + secrets.randbelow(1000) / 1000))
        raise Unavailable(retry_after_seconds=1)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    def _uow(self, connection: AsyncConnection, *, origin: Origin) -> Uow:
        return Uow(
            connection,
            now=self._clock.now(),
            hasher=self._hasher,
            random_bytes=self._random_bytes,
            origin=origin,
        )


class _Attempt:
    """One try of one transaction; remembers whether the commit had been sent, after which nothing may be repeated."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.is_committing = False

    async def run(
        self, work: Callable[[Uow], Awaitable[Result]], open_uow: Callable[[AsyncConnection], Uow]
    ) -> Result:
        asked_at = time.perf_counter()
        async with self._engine.connect() as connection:
            _WAITED.observe(time.perf_counter() - asked_at)
            uow = open_uow(connection)
            try:
                result = await work(uow)
            except KryptosError as error:
                if error.keeps_writes:
                    await self._commit(uow)
                raise
            await self._commit(uow)
            return result

    async def _commit(self, uow: Uow) -> None:
        await uow.flush()
        self.is_committing = True
        await uow.connection.commit()


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
