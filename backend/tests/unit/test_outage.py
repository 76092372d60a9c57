"""What counts as the database's outage is repeated or told as such; what is wrong with a statement is neither."""

import asyncpg
import pytest
import sqlalchemy as sa

from kryptos.infra.database import Uow
from kryptos.infra.database.outage import is_passing
from kryptos.infra.database.reader import Reader, _Held
from kryptos.kernel.errors import Unavailable
from tests.support.queue import open_database


def of_sqlstate(sqlstate: str) -> sa.exc.DBAPIError:
    """Return an error as SQLAlchemy wraps it."""
    original = asyncpg.PostgresError.new({"C": sqlstate, "M": "said by PostgreSQL"})
    return sa.exc.DBAPIError("SELECT 1", None, original)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        FileNotFoundError("no socket"),
        TimeoutError(),
        sa.exc.TimeoutError("no connection is free"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        *map(of_sqlstate, ("08006", "28P01", "3D000", "40001", "40P01", "53300", "57P01")),
    ],
    ids=lambda error: f"{type(error).__name__} {getattr(getattr(error, 'orig', None), 'sqlstate', '')}",
)
def test_what_may_succeed_later_is_an_outage(error: Exception) -> None:
    assert is_passing(error)


@pytest.mark.parametrize("error", [ValueError(), *map(of_sqlstate, ("23505", "42P01", "22003"))])
def test_what_fails_again_is_none(error: Exception) -> None:
    assert not is_passing(error)


@pytest.mark.parametrize(
    ("error", "tries"), [(ConnectionResetError(), 6), (asyncpg.InternalClientError(), 6), (TimeoutError(), 1)]
)
async def test_lost_connection_is_tried_again_but_a_long_wait_is_told(
    database_url: str, error: Exception, tries: int
) -> None:
    """Whoever waited for a server that does not answer is not made to wait six times as long."""
    database = open_database(database_url)
    tried: list[Uow] = []

    async def work(uow: Uow) -> None:
        tried.append(uow)
        raise error

    with pytest.raises(Unavailable) as refused:
        await database.execute(work)
    await database.close()
    assert refused.value.retry_after_seconds == 1
    assert len(tried) == tries


async def test_read_that_meets_a_connection_being_ended_is_made_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen at a restart of PostgreSQL: the driver's state machine refuses before it has noticed the end."""
    really = _Held.fetchrow
    failures = [
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")
    ]

    async def fetchrow(held: _Held, url: str, statement: str, arguments: tuple[object, ...]) -> object:
        if failures:
            raise failures.pop()
        return await really(held, url, statement, arguments)

    monkeypatch.setattr(_Held, "fetchrow", fetchrow)
    reader = Reader(database_url, size=1)
    row = await reader.fetchrow("SELECT 7 AS number")
    await reader.close()
    assert row is not None
    assert row["number"] == 7
