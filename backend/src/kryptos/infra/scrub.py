"""Scrub: overwrite what PostgreSQL still holds in its files of rows that were deleted.

A deleted row stays in its table's file until the space is used again, its values in indexes and in the planner's
statistics, and every change in the write-ahead log (WAL). This writes each table anew with its indexes, replaces the
statistics, and begins a new log behind a checkpoint. What the role may not do, or the server prevents, is told.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from kryptos.kernel.errors import Kind, KryptosError

_LOCK = 0x6B727970  # advisory: one scrub at a time
_LOCK_TIMEOUT = "5s"
_TRIES = 6
_PATIENCE_SECONDS = 60
_LOOK_EVERY_SECONDS = 0.25
_MOST_SEGMENTS = 200
_CLEARS_STATISTICS = 180000  # from this version on there is a function for it

_TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY pg_table_size(c.oid), c.relname
"""
_HOLDERS = """
SELECT count(*) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_xmin IS NOT NULL AND age(backend_xmin) > age($1::text::xid)
"""
_OLD_STATISTICS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_stats s JOIN pg_attribute a ON a.attrelid = format('public.%I', s.tablename)::regclass AND a.attname = s.attname
WHERE s.schemaname = 'public' AND s.tablename = $1
"""


class ScrubUnderWay(KryptosError):
    """Another scrub of the same database runs."""

    code = "SCRUB_UNDER_WAY"
    kind = Kind.CONFLICT
    default_message = "This database is being scrubbed already. Wait for that to end."


@dataclass(slots=True)
class Scrubbed:
    """What came of it. ``undone`` is to be done again; ``beyond`` is what no scrub from here reaches."""

    tables: int = 0
    undone: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)


async def scrub(url: str, *, say: Callable[[str], None]) -> Scrubbed:
    """Scrub a database, telling each step; raise ``ScrubUnderWay``. Each table is locked while it is written anew."""
    done = Scrubbed()
    async with _connected(url) as connection:
        await _wait_for_snapshots(connection, done)
        names = [row["relname"] for row in await connection.fetch(_TABLES)]
        for number, name in enumerate(names, start=1):
            say(f"{number} of {len(names)}: {name}")
            if await _rewrite(connection, f'public."{name}"', done, options="FULL, ANALYZE"):
                done.tables += 1
                await _clear_statistics(connection, name)
        say("the planner's statistics")
        await _rewrite(connection, "pg_catalog.pg_statistic", done, options="FULL")
        say("the write-ahead log")
        await _begin_new_log(connection, done)
        await _tell_copies(connection, done)
    return done


async def is_server_of(url: str, *, data: str) -> bool:
    """Whether the server behind a URL keeps its files in this directory; False for whoever may not know."""
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval("SELECT current_setting('data_directory') = $1", data))
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await connection.close()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    settings = {"application_name": "kryptos scrub", "statement_timeout": "0", "lock_timeout": _LOCK_TIMEOUT}
    connection = await asyncpg.connect(url, server_settings=settings)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            raise ScrubUnderWay
        yield connection
    finally:
        await connection.close()


async def _wait_for_snapshots(connection: asyncpg.Connection, done: Scrubbed) -> None:
    """Wait for whoever may still see the deleted rows: until then PostgreSQL writes them anew as well."""
    mark = await connection.fetchval("SELECT pg_current_xact_id()::xid::text")
    for _ in range(int(_PATIENCE_SECONDS / _LOOK_EVERY_SECONDS)):
        if not await connection.fetchval(_HOLDERS, mark):
            break
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    else:
        done.undone.append("A transaction that began before has not ended, and still sees what was deleted.")
    slots = await connection.fetch(
        "SELECT slot_name FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL"
    )
    done.undone += [f"The replication slot {row['slot_name']} still sees what was deleted." for row in slots]
    if await connection.fetchval("SELECT count(*) FROM pg_prepared_xacts"):
        done.undone.append("A prepared transaction still sees what was deleted.")


async def _rewrite(connection: asyncpg.Connection, table: str, done: Scrubbed, *, options: str) -> bool:
    """Write a table and its indexes anew; PostgreSQL only warns where the role may not, so that is looked at."""
    before = await connection.fetchval("SELECT pg_relation_filenode($1::regclass)", table)
    for _ in range(_TRIES):
        try:
            await connection.execute(f"VACUUM ({options}) {table}")
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(1)  # let through whoever queued up behind us
        else:
            break
    else:
        done.undone.append(f"{table} was in use all the time.")
        return False
    if await connection.fetchval("SELECT pg_relation_filenode($1::regclass)", table) == before:
        done.undone.append(f"{table} belongs to another role, which has to scrub it.")
        return False
    return True


async def _clear_statistics(connection: asyncpg.Connection, name: str) -> None:
    """Forget what the planner knew of a table that is empty now: ANALYZE keeps it (PostgreSQL, ``do_analyze_rel``)."""
    if await connection.fetchval(f'SELECT EXISTS (SELECT FROM public."{name}")'):  # noqa: S608 - a table of the schema
        return
    version = await connection.fetchval("SELECT current_setting('server_version_num')::int")
    for column in await connection.fetch(_OLD_STATISTICS, name):
        if version >= _CLEARS_STATISTICS:
            await connection.execute(
                "SELECT pg_clear_attribute_stats('public', $1, $2, false)", name, column["attname"]
            )
        else:  # drops the column's statistics, and changes nothing else
            await connection.execute(
                f'ALTER TABLE public."{name}" ALTER COLUMN "{column["attname"]}" TYPE {column["type"]}'
            )


async def _begin_new_log(connection: asyncpg.Connection, done: Scrubbed) -> None:
    """Leave the log's files behind, also those that wait to be used again: old ones under a new name."""
    try:
        await connection.execute("CHECKPOINT")
        for _ in range(_MOST_SEGMENTS):
            await connection.execute("SELECT pg_logical_emit_message(false, 'kryptos', 'scrub')")
            await connection.execute("SELECT pg_switch_wal()")
            if not await _recycled(connection):
                break
        await connection.execute("CHECKPOINT")
        recycles = await connection.fetchval("SELECT current_setting('wal_recycle')::bool")
    except asyncpg.InsufficientPrivilegeError:
        done.beyond.append(
            "The write-ahead log and the files of tables as they were before go with the server's next checkpoints. A "
            "superuser hastens them: CHECKPOINT, SELECT pg_switch_wal(), CHECKPOINT."
        )
        return
    if recycles:
        done.beyond.append(
            "Old files of the write-ahead log wait as they are to be used again; wal_recycle = off prevents it."
        )


async def _recycled(connection: asyncpg.Connection) -> int:
    """Return how many files of the log wait to be written over."""
    waiting = "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name > $1"
    current = await connection.fetchval("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
    return int(await connection.fetchval(waiting, current))


async def _tell_copies(connection: asyncpg.Connection, done: Scrubbed) -> None:
    if await connection.fetchval("SELECT current_setting('archive_mode') <> 'off'"):
        done.beyond.append("The server archives its write-ahead log; the archive is yours to expire.")
    if await connection.fetchval("SELECT count(*) FROM pg_stat_replication"):
        done.beyond.append("Replicas follow by themselves, but for their own write-ahead logs.")
    done.beyond.append("Backups made before hold what was deleted, until they expire.")
