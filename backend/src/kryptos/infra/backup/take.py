"""Taking a backup: one snapshot of the database, whatever is written meanwhile, and the generated secrets beside it."""

import hashlib
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg
import structlog

from kryptos.infra.backup.archive import Manifest, Progress, Writer, written_aside
from kryptos.infra.backup.programs import Program
from kryptos.infra.migrations import LOCK, REVISION_QUERY
from kryptos.infra.migrations.requirement import reachable
from kryptos.infra.postgres.binaries import major_version
from kryptos.infra.secrets import find_token_hasher, generated_secrets
from kryptos.infra.settings import Settings
from kryptos.kernel.clock import Clock
from kryptos.kernel.errors import Kind, KryptosError

log = structlog.get_logger(__name__)

_CHUNK = 1 << 18
_PER_MAJOR = 10_000  # server_version_num of 15.4 is 150004
_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""
_DUMP = (
    "--format=custom",
    "--compress=gzip:6",
    "--no-owner",
    "--no-privileges",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--no-tablespaces",
    "--no-comments",
    "--exclude-extension=*",  # of the server's provider: none is ours
)


class BackupFailed(KryptosError):
    """No backup was made; what had been written of it is gone."""

    code = "BACKUP_FAILED"
    kind = Kind.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that is complete and on the disk."""

    path: Path
    size_bytes: int
    manifest: Manifest
    is_recorded: bool
    """Whether the database remembers it, for doctor and metrics."""


async def take_backup(
    url: str,
    path: Path,
    *,
    settings: Settings,
    clock: Clock,
    has_secrets: bool = True,
    progress: Progress = lambda _: None,
) -> Taken:
    """Write a backup of the database at ``url`` and of the installation's generated secrets to ``path``.

    Counts and dump come from one snapshot: what was committed before it is in, what came later is not.
    """
    order = _Order(url, path, settings, clock, has_secrets, progress)
    _refuse_existing(path)
    connection = await reachable(asyncpg.connect(url, timeout=10))
    try:
        try:
            manifest = await _write(connection, order)
        except FileExistsError as error:
            raise _existing(path) from error
        except OSError as error:
            raise BackupFailed(
                f"The backup could not be written to {path.parent}: {error.strerror}. Nothing of it was kept."
            ) from error
        size_bytes = _size_of(path)
        is_recorded = await _record(connection, manifest, size_bytes)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise BackupFailed(f"The database refused what a backup needs: {error}. Nothing was kept.") from error
    finally:
        await connection.close(timeout=5)
    return Taken(path, size_bytes, manifest, is_recorded)


@dataclass(frozen=True, slots=True)
class _Order:
    url: str
    path: Path
    settings: Settings
    clock: Clock
    has_secrets: bool
    progress: Progress


def _refuse_existing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise _existing(path)


def _existing(path: Path) -> BackupFailed:
    return BackupFailed(f"{path} exists already and is left as it is: give the backup another name.")


def _size_of(path: Path) -> int:
    return path.stat().st_size


async def _write(connection: "asyncpg.Connection[Any]", order: _Order) -> Manifest:
    server = int(await connection.fetchval("SHOW server_version_num"))
    if server // _PER_MAJOR > major_version():
        raise BackupFailed(
            f"The database is PostgreSQL {server // _PER_MAJOR}, and this program's pg_dump is of {major_version()}: "
            "back up with the pg_dump of that server, or with a newer version of Kryptos."
        )
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock_shared($1)", LOCK):
            raise BackupFailed("The database is being migrated right now: try again when that is done.")
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        taken_at = order.clock.now()
        schema = await _schema(connection)
        names = [row["name"] for row in await connection.fetch(_TABLES)]
        rows = {
            name: await connection.fetchval(f"SELECT count(*) FROM {name}")  # noqa: S608 - quoted by the server
            for name in names
        }
        secrets = generated_secrets(order.settings) if order.has_secrets else {}
        hasher = find_token_hasher(order.settings)
        with written_aside(order.path) as file:
            writer = Writer(file)
            _dump(order, snapshot, writer)
            manifest = Manifest(
                product=version("kryptos-connect"),
                schema=schema,
                server=server,
                dumped_by=major_version(),
                taken_at=taken_at,
                rows=rows,
                dump_bytes=writer.dump_bytes,
                dump_sha256=writer.dump_sha256,
                secrets={name: hashlib.sha256(content).hexdigest() for name, content in secrets.items()},
                pepper_keys=hasher.fingerprints() if hasher is not None else {},
            )
            writer.finish(manifest, secrets)
    return manifest


async def _schema(connection: "asyncpg.Connection[Any]") -> str | None:
    """Return the revision of the snapshot; a query that fails would end it, so look for the table first."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval(REVISION_QUERY)
    return revision


def _dump(order: _Order, snapshot: str, writer: Writer) -> None:
    """Let pg_dump write the snapshot; the transaction that exported it waits meanwhile."""
    dumping = Program("pg_dump", *_DUMP, f"--snapshot={snapshot}", url=order.url, stdout=subprocess.PIPE)
    try:
        while piece := dumping.stdout.read(_CHUNK):
            writer.write_dump(piece)
            order.progress(writer.dump_bytes)
        if not dumping.wait():
            raise BackupFailed(f"pg_dump gave up: {dumping.complaint()}. Nothing was kept.")
    finally:
        dumping.stop()


async def _record(connection: "asyncpg.Connection[Any]", manifest: Manifest, size_bytes: int) -> bool:
    """Note in the database that there is a backup of it; one that cannot be noted is a backup all the same."""
    try:
        await connection.execute(
            "INSERT INTO backups (taken_at, size_bytes, has_secrets) VALUES ($1, $2, $3)",
            manifest.taken_at,
            size_bytes,
            bool(manifest.secrets),
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        log.warning("backup_not_recorded", reason=str(error))
        return False
    return True
