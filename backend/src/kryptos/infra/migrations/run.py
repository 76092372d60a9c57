"""Bringing a database to the newest schema; any number of processes may ask for it at once."""

from pathlib import Path

import sqlalchemy as sa
import structlog
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from kryptos.infra.migrations import LOCK, OLDEST_POSTGRES, VERSIONS, current_revision, head_revision
from kryptos.infra.migrations.requirement import reachable
from kryptos.kernel.errors import Kind, KryptosError

log = structlog.get_logger(__name__)

_PER_MAJOR = 10_000  # server_version_num of 15.4 is 150004


class PostgresTooOld(KryptosError):
    """The server is older than what the schema needs."""

    code = "POSTGRES_TOO_OLD"
    kind = Kind.INVALID


class SchemaUnknown(KryptosError):
    """The database is at a revision that this program does not have: a newer program migrated it."""

    code = "SCHEMA_UNKNOWN"
    kind = Kind.CONFLICT


async def migrate(url: str, versions: Path = VERSIONS) -> str | None:
    """Bring the database to this program's newest revision and return the revision it was at before.

    One process migrates while the others wait for an advisory lock of the session, and then find nothing left to do.
    The session must be the same throughout: give the database's own address, not that of a transaction pooler.
    """
    before = await reachable(current_revision(url))
    if before is not None and before == head_revision(versions):
        return before
    await reachable(_migrate(url, versions))
    log.info("database_migrated", revision_before=before, revision=head_revision(versions))
    return before


async def _migrate(url: str, versions: Path) -> None:
    engine = create_async_engine(
        sa.engine.make_url(url).set(drivername="postgresql+asyncpg"),
        poolclass=sa.NullPool,
        connect_args={"timeout": 10, "server_settings": {"application_name": "kryptos migrate"}},
    )
    async with engine.connect() as connection:
        await _refuse_old_server(connection)
        await _lock(connection)
        await connection.run_sync(_upgrade, versions)


async def _refuse_old_server(connection: AsyncConnection) -> None:
    number = int((await connection.execute(sa.text("SHOW server_version_num"))).scalar_one())
    if number < OLDEST_POSTGRES * _PER_MAJOR:
        message = (
            f"The database is PostgreSQL {number // _PER_MAJOR}; Kryptos needs {OLDEST_POSTGRES} or newer."
        )
        raise PostgresTooOld(message)


async def _lock(connection: AsyncConnection) -> None:
    """Take the lock for the rest of the session; whoever is killed while holding it loses it with the connection."""
    taken = (await connection.execute(sa.select(sa.func.pg_try_advisory_lock(LOCK)))).scalar_one()
    if not taken:
        log.info("migration_waits", reason="another process is migrating this database")
        await connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
    await connection.commit()


def _upgrade(connection: sa.Connection, versions: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        message = (
            "The database was migrated by a newer version of Kryptos than this one. Install that version; "
            "an older one cannot use its data."
        )
        raise SchemaUnknown(message) from error
