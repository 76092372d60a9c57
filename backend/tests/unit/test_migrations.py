"""Migrating: once, however many processes ask for it at once; and the schema is exactly what the code says it is."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from kryptos.infra import migrations
from kryptos.infra.migrations import LOCK, VERSIONS, current_revision, head_revision
from kryptos.infra.migrations.requirement import SchemaBehind, require_schema
from kryptos.infra.migrations.run import SchemaUnknown, migrate
from kryptos.kernel.errors import Unavailable
from tests.support.schema import schema_differences

WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""
FIRST = """
import time
from alembic import op
revision, down_revision = "0001", None

def upgrade():
    op.execute("CREATE TABLE first (id int)")
    time.sleep(0.5)
"""
SECOND = """
from alembic import op
revision, down_revision = "0002", "0001"

def upgrade():
    op.execute("CREATE TABLE second (id int)")
    {more}
"""
MIGRATE = """
import asyncio, sys
from pathlib import Path
from kryptos.infra.migrations.run import migrate
asyncio.run(migrate(sys.argv[1], Path(sys.argv[2])))
"""


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.py").write_text(FIRST)
    (tmp_path / "0002_second.py").write_text(SECOND.format(more=""))
    return tmp_path


async def tables_of(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    return {row["tablename"] for row in rows}


async def test_five_processes_at_once(empty_database_url: str, versions: Path) -> None:
    """All five are made to wait for the lock, and are then let go together."""
    holder = await asyncpg.connect(empty_database_url)
    await holder.execute("SELECT pg_advisory_lock($1)", LOCK)
    started = [
        subprocess.Popen(  # noqa: ASYNC220 - nothing else runs in this loop
            [sys.executable, "-c", MIGRATE, empty_database_url, str(versions)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(5)
    ]
    while await holder.fetchval(WAITING) < len(started):
        assert all(process.poll() is None for process in started)
        await asyncio.sleep(0.05)
    await holder.close()
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 5, said
    assert all("migration_waits" in text for text in said)
    assert await current_revision(empty_database_url) == "0002"
    assert await tables_of(empty_database_url) == {"alembic_version", "first", "second"}


async def test_says_where_it_was(empty_database_url: str, versions: Path) -> None:
    assert await current_revision(empty_database_url) is None
    assert await migrate(empty_database_url, versions) is None
    assert await migrate(empty_database_url, versions) == "0002"


async def test_goes_on_from_the_step_that_failed(empty_database_url: str, versions: Path) -> None:
    (versions / "0002_second.py").write_text(SECOND.format(more='op.execute("SELECT 1/0")'))
    with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
        await migrate(empty_database_url, versions)
    assert await current_revision(empty_database_url) == "0001"
    assert await tables_of(empty_database_url) == {"alembic_version", "first"}
    (versions / "0002_second.py").write_text(SECOND.format(more=""))
    await migrate(empty_database_url, versions)
    assert await current_revision(empty_database_url) == "0002"


async def test_database_of_a_newer_version_is_left_alone(empty_database_url: str, versions: Path) -> None:
    await migrate(empty_database_url, versions)
    (versions / "0002_second.py").unlink()
    with pytest.raises(SchemaUnknown, match="newer version"):
        await migrate(empty_database_url, versions)
    assert await current_revision(empty_database_url) == "0002"


async def test_external_database_is_not_migrated_unasked(empty_database_url: str) -> None:
    with pytest.raises(SchemaBehind, match="kryptos migrate"):
        await require_schema(empty_database_url, is_embedded=False)
    await require_schema(empty_database_url, is_embedded=True)
    await require_schema(empty_database_url, is_embedded=False)


@pytest.mark.parametrize(
    "url", ["postgresql://x@127.0.0.1:1/x", "postgresql://x@/x?host=/nonexistent", "nonsense://x"]
)
async def test_unreachable_database_is_an_error_in_words(url: str) -> None:
    with pytest.raises(Unavailable, match="KRYPTOS_DATABASE_URL"):
        await migrate(url)


async def test_missing_database_is_an_error_in_words(empty_database_url: str) -> None:
    with pytest.raises(Unavailable, match="no_such_name"):
        await migrate(empty_database_url.replace("test_", "no_such_name_"))


def test_head_is_what_alembic_says() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert head_revision() == ScriptDirectory.from_config(config).get_current_head()
    assert head_revision() is not None


def test_each_file_is_named_by_its_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    for script in ScriptDirectory.from_config(config).walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")
    assert {path.suffix for path in VERSIONS.iterdir() if path.name != "__pycache__"} == {".py"}


async def test_schema_is_what_the_tables_say(database_url: str) -> None:
    assert not await schema_differences(database_url)
