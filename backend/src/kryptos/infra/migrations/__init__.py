"""The schema's history, and how a database is brought to its end; light enough for every process to import."""

import re
from pathlib import Path

import asyncpg

VERSIONS = Path(__file__).parent / "versions"
"""One file per step, ``<four digits>_<what it does>.py``; the digits are its revision."""

REVISION_QUERY = "SELECT version_num FROM alembic_version"
"""Gives the revision that a database is at; the table does not exist in one that was never migrated."""

OLDEST_POSTGRES = 15
"""Oldest server, by its major version, that the schema works on."""

LOCK = 0x6B7279_70746F73
"""Advisory lock of whoever migrates, "kryptos" in ASCII: one per database."""

_FILE_NAME = re.compile(r"(\d{4})_\w+\.py")


def head_revision(versions: Path = VERSIONS) -> str | None:
    """Return the newest revision that this program knows, without importing Alembic: None when there is none yet."""
    found = [match[1] for path in versions.iterdir() if (match := _FILE_NAME.fullmatch(path.name))]
    return max(found, default=None)


async def current_revision(url: str) -> str | None:
    """Return the revision that the database is at: None when it was never migrated. Raises what asyncpg raises."""
    connection = await asyncpg.connect(url, timeout=10, command_timeout=10)
    try:
        revision: str | None = await connection.fetchval(REVISION_QUERY)
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close(timeout=5)
    return revision
