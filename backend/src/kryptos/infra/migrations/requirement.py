"""What a process asks of the database before it works with it: that it answers, and has this program's schema."""

from collections.abc import Awaitable
from typing import TypeVar

import asyncpg

from kryptos.infra.migrations import current_revision, head_revision
from kryptos.kernel.errors import Kind, KryptosError, Unavailable

Result = TypeVar("Result")

_REFUSED = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)
_UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)


class SchemaBehind(KryptosError):
    """The database has not been brought to this program's schema."""

    code = "SCHEMA_BEHIND"
    kind = Kind.CONFLICT


async def require_schema(url: str, *, is_embedded: bool) -> None:
    """Make sure that the database has this program's schema.

    The embedded database belongs to this program, which migrates it; an external one is its operator's to migrate.
    """
    revision = await reachable(current_revision(url))
    if revision == head_revision():
        return
    if is_embedded:
        from kryptos.infra.migrations.run import migrate  # noqa: PLC0415 - Alembic costs 20 MB in every web process

        await migrate(url)
        return
    message = (
        f"The database's schema is at {revision or 'nothing'}, this program's at {head_revision()}. "
        "Run `kryptos migrate` with the newest version, then try again."
    )
    raise SchemaBehind(message)


async def reachable(work: Awaitable[Result]) -> Result:
    """Wait for ``work`` and say in words when the database cannot be reached or refuses us."""
    try:
        return await work
    except _REFUSED as error:
        message = (
            f"The database refuses us: {error}. Check the user, password and name in KRYPTOS_DATABASE_URL."
        )
        raise Unavailable(message) from error
    except _UNREACHABLE as error:
        reason = str(error) or type(error).__name__
        message = (
            f"The database cannot be reached ({reason}). Check KRYPTOS_DATABASE_URL and that the server runs."
        )
        raise Unavailable(message) from error
