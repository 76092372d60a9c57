"""Restoring a backup: everything is checked before anything is touched, and then all of it is there or nothing."""

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import asyncpg

from kryptos.infra.backup.archive import Archive, Progress
from kryptos.infra.backup.programs import Program
from kryptos.infra.migrations import OLDEST_POSTGRES, head_revision
from kryptos.infra.migrations.requirement import reachable
from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres.binaries import major_version
from kryptos.infra.secrets import find_token_hasher, keep_secret
from kryptos.infra.settings import Settings
from kryptos.kernel.errors import Kind, KryptosError

_CHUNK = 1 << 18
_PER_MAJOR = 10_000
_NOT_EVERYWHERE = b"SET transaction_timeout = 0;\n"  # unknown to PostgreSQL before 17
_PREAMBLE_ENDS = (b"CREATE ", b"COPY ", b"ALTER ", b"SELECT pg_catalog.setval")
_THERE = """
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""


class RestoreRefused(KryptosError):
    """Nothing was restored: the message says why and what to do."""

    code = "RESTORE_REFUSED"
    kind = Kind.CONFLICT


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored installation holds."""

    rows: Mapping[str, int]
    schema_before: str | None
    schema: str | None
    written_secrets: tuple[str, ...]
    has_pepper: bool
    """Whether this installation recognises the tokens of the backup: it has the key they were hashed with."""
    unknown_keys: tuple[str, ...]
    """Ids of older keys of the backup's pepper that the one given here lacks."""


def require_restorable(archive: Archive) -> None:
    """Raise ``RestoreRefused`` for a backup that this program cannot read or use."""
    manifest, head = archive.manifest, head_revision()
    if manifest.schema is not None and (head is None or manifest.schema > head):
        raise RestoreRefused(
            f"The backup's schema is at {manifest.schema}, newer than this program's {head}: restore it with Kryptos "
            f"{manifest.product} or newer."
        )
    if manifest.dumped_by > major_version():
        raise RestoreRefused(
            f"The backup was written by the pg_dump of PostgreSQL {manifest.dumped_by}, and this program has that of "
            f"{major_version()}: restore it with Kryptos {manifest.product} or newer."
        )


async def require_empty(url: str) -> None:
    """Raise ``RestoreRefused`` unless nothing is in the database."""
    connection = await reachable(asyncpg.connect(url, timeout=10))
    try:
        server = int(await connection.fetchval("SHOW server_version_num"))
        names = [row["name"] for row in await connection.fetch(_THERE)]
    finally:
        await connection.close(timeout=5)
    if server < OLDEST_POSTGRES * _PER_MAJOR:
        raise RestoreRefused(
            f"The database is PostgreSQL {server // _PER_MAJOR}; Kryptos needs {OLDEST_POSTGRES} or newer."
        )
    if names:
        some = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        raise RestoreRefused(
            f"The database is not empty ({some}), and a backup is restored into an empty one only. Name another by "
            "KRYPTOS_DATABASE_URL (createdb makes one), or another directory by KRYPTOS_DATA_DIR."
        )


async def restore_backup(
    url: str, archive: Archive, *, settings: Settings, progress: Progress = lambda _: None
) -> Restored:
    """Restore a backup into the empty database at ``url`` and bring it to this program's schema.

    The secrets come first: with a database but without them, the next start would make new ones. They go again when
    the database could not be filled, which happens in one transaction and is compared with the manifest within it.
    """
    require_restorable(archive)
    await require_empty(url)
    with _secrets_in_place(archive, settings) as written:
        _load(url, archive, progress)
    before = archive.manifest.schema
    await migrate(url)
    connection = await reachable(asyncpg.connect(url, timeout=10))
    try:
        await connection.execute("ANALYZE")
    finally:
        await connection.close(timeout=5)
    hasher = find_token_hasher(settings)
    known = set(hasher.fingerprints().values()) if hasher is not None else set()
    unknown = [key_id for key_id, mark in archive.manifest.pepper_keys.items() if mark not in known]
    return Restored(
        rows=archive.manifest.rows,
        schema_before=before,
        schema=head_revision(),
        written_secrets=tuple(written),
        has_pepper=len(unknown) < len(archive.manifest.pepper_keys),
        unknown_keys=tuple(unknown),
    )


@contextmanager
def _secrets_in_place(archive: Archive, settings: Settings) -> Iterator[list[str]]:
    """Write the backup's secrets for the block; remove them again if it fails."""
    _refuse_other_pepper(archive, settings)
    places = {}
    for name, content in archive.secrets.items():
        if name == "pepper" and settings.pepper is not None:
            continue  # the operator's own stands, and was found to be the same
        place = settings.data_dir / "secrets" / name
        if not place.exists():
            places[name] = (place, content)
        elif place.read_bytes() != content:
            raise RestoreRefused(
                f"{place} is there and differs from the backup's. Move it away if nothing needs it, or choose another "
                "directory with KRYPTOS_DATA_DIR."
            )
    for place, content in places.values():
        keep_secret(place, content)
    try:
        yield list(places)
    except BaseException:
        for place, _ in places.values():
            place.unlink(missing_ok=True)
        raise


def _refuse_other_pepper(archive: Archive, settings: Settings) -> None:
    """Refuse where the pepper that this machine already has is a stranger to every token of the backup."""
    hasher, marks = find_token_hasher(settings), set(archive.manifest.pepper_keys.values())
    if hasher is None or not marks or marks & set(hasher.fingerprints().values()):
        return
    where = "KRYPTOS_PEPPER" if settings.pepper is not None else str(settings.data_dir / "secrets" / "pepper")
    raise RestoreRefused(
        f"The pepper in {where} is not the one of this backup, so none of its tokens and client secrets would be "
        "recognised. Give the pepper that belongs to the backup, or take this one away."
    )


def _load(url: str, archive: Archive, progress: Progress) -> None:
    """Let pg_restore tell the dump as SQL, and psql run it as one transaction.

    pg_restore by itself sends servers before 17 a setting that they do not know.
    """
    reading = Program(
        "pg_restore",
        "--file=-",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    running = Program(
        "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url=url, stdin=subprocess.PIPE
    )
    feeding = threading.Thread(target=_feed, args=(archive, reading.stdin, progress), daemon=True)
    try:
        feeding.start()
        try:
            _pass_on(reading.stdout, running.stdin)
            feeding.join()
            if not reading.wait():
                raise RestoreRefused(f"The dump cannot be read: {reading.complaint()}. Nothing was restored.")
            running.stdin.write(_comparison(archive.manifest.rows).encode() + b"COMMIT;\n")
            running.stdin.close()
        except BrokenPipeError:
            running.wait()  # it gave up, and says why
        if not running.wait():
            raise RestoreRefused(
                f"The database refused the backup, and nothing of it was kept: {running.complaint()}."
            )
    finally:
        running.stop()
        reading.stop()


def _feed(archive: Archive, pipe: IO[bytes], progress: Progress) -> None:
    passed = 0
    try:
        with pipe:
            for piece in archive.read_dump():
                pipe.write(piece)
                passed += len(piece)
                progress(passed)
    except (BrokenPipeError, ValueError):  # pg_restore has ended, which it says itself
        return


def _pass_on(script: IO[bytes], pipe: IO[bytes]) -> None:
    """Give psql the script inside a transaction that nothing in it ends, without what older servers do not know."""
    pipe.write(b"BEGIN;\n")
    for line in script:
        if line != _NOT_EVERYWHERE:
            pipe.write(line)
        if line.startswith(_PREAMBLE_ENDS):
            break
    copy: Callable[[], bytes] = lambda: script.read(_CHUNK)  # noqa: E731 - the shape that iter() takes
    for piece in iter(copy, b""):
        pipe.write(piece)


def _comparison(rows: Mapping[str, int]) -> str:
    """Return SQL that fails unless every table has the rows that the manifest tells of."""
    return "".join(  # the names were quoted by the server that they come from
        f"DO $kryptos$ BEGIN IF (SELECT count(*) FROM {name}) <> {int(count)} THEN "  # noqa: S608
        f"RAISE EXCEPTION 'a table has other than its {int(count)} rows: %', $name${name}$name$; "
        "END IF; END $kryptos$;\n"
        for name, count in rows.items()
    )
