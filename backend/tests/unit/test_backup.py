"""What can go wrong with a backup is told in words, and leaves everything as it was."""

import asyncio
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from kryptos.infra import migrations
from kryptos.infra.backup.archive import BackupUnusable, open_archive
from kryptos.infra.backup.programs import connection_variables
from kryptos.infra.backup.restore import Restored, RestoreRefused, restore_backup
from kryptos.infra.backup.take import BackupFailed, Taken, take_backup
from kryptos.infra.migrations import LOCK, VERSIONS, current_revision, head_revision
from kryptos.infra.migrations.run import migrate
from kryptos.infra.settings import Settings, load_settings
from kryptos.kernel.clock import SystemClock
from tests.support.processes import environment, processes_mentioning, wait_until

PEPPER = "1:" + "0f" * 32
OTHER_PEPPER = "1:" + "1e" * 32


def settings_of(url: str, data_dir: Path, **more: str) -> Settings:
    return load_settings(environment(database_url=url, data_dir=str(data_dir), **more))


async def take(url: str, path: Path, settings: Settings, **more: Any) -> Taken:
    return await take_backup(url, path, settings=settings, clock=SystemClock(), **more)


async def restore(url: str, path: Path, settings: Settings) -> Restored:
    return await restore_backup(url, open_archive(path), settings=settings)


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()


def drafts_in(directory: Path) -> list[Path]:
    return list(directory.glob(".*"))


def keep_pepper(data_dir: Path, pepper: str) -> Path:
    """Put a pepper where an installation keeps its own, and return the file."""
    path = data_dir / "secrets" / "pepper"
    path.parent.mkdir(parents=True)
    path.write_text(pepper)
    return path


def is_there(path: Path) -> bool:
    return path.exists()


async def tables_of(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    return [row["tablename"] for row in rows]


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def good(tmp_path: Path, database_url: str) -> AsyncIterator[Path]:
    """A backup of an installation with a generated pepper."""
    settings = settings_of(database_url, tmp_path / "source")
    keep_pepper(tmp_path / "source", f"{PEPPER}\n")
    path = tmp_path / "good.backup"
    await take(database_url, path, settings)
    yield path


def kryptos(*words: str, before: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    command = f"{before} exec {sys.executable} -m kryptos.entrypoints.cli " + " ".join(words)
    return subprocess.run(
        ["/bin/sh", "-c", command],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class TestTheFile:
    def test_holds_what_its_manifest_tells(self, good: Path) -> None:
        archive = open_archive(good)
        assert archive.manifest.schema == head_revision()
        assert archive.manifest.rows["public.alembic_version"] == 1
        assert archive.secrets == {"pepper": f"{PEPPER}\n".encode()}
        assert b"".join(archive.read_dump()).startswith(b"PGDMP")
        assert good.stat().st_mode & 0o777 == 0o600
        assert not drafts_in(good.parent)

    def test_is_refused_wherever_it_was_cut_off(self, good: Path, tmp_path: Path) -> None:
        whole, cut = bytes_of(good), tmp_path / "cut.backup"
        for length in (0, 1, 511, 512, 5000, len(whole) // 2, len(whole) - 4096, len(whole) - 1500):
            cut.write_bytes(whole[:length])
            with pytest.raises(BackupUnusable):
                open_archive(cut)

    def test_is_refused_with_any_of_its_bytes_changed(self, good: Path, tmp_path: Path) -> None:
        whole, changed = bytes_of(good), tmp_path / "changed.backup"
        with tarfile.open(good) as tar:
            places = {member.name: member.offset_data for member in tar.getmembers()}
        for name in ("database.dump", "secrets/pepper"):
            place = places[name] + 3
            changed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(BackupUnusable, match="damaged"):
                open_archive(changed)
        place = places["manifest.json"]
        changed.write_bytes(whole[:place] + b"[" + whole[place + 1 :])
        with pytest.raises(BackupUnusable, match="manifest"):
            open_archive(changed)

    @pytest.mark.parametrize("content", [b"", b"nonsense" * 500, b"\0" * 10240, b"PGDMP" + b"x" * 2000])
    def test_is_not_just_anything(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "wrong.backup"
        path.write_bytes(content)
        with pytest.raises(BackupUnusable):
            open_archive(path)

    def test_is_not_any_tar(self, tmp_path: Path) -> None:
        path = tmp_path / "wrong.tar"
        with tarfile.open(path, "w") as tar:
            tar.addfile(tarfile.TarInfo("readme"), io.BytesIO())
        with pytest.raises(BackupUnusable, match="not a backup"):
            open_archive(path)
        done = kryptos("restore", str(path), data_dir=str(tmp_path / "var"))
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert not (tmp_path / "var").exists()

    def test_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(BackupUnusable, match="no file"):
            open_archive(tmp_path / "none")


def rewritten(good: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Return a copy of a backup whose manifest was changed."""
    path = good.with_name("rewritten.backup")
    with tarfile.open(good) as old, tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as new:
        for member in old.getmembers():
            source = old.extractfile(member)
            assert source is not None
            content = source.read()
            if member.name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return path


class TestRestoring:
    async def test_refuses_what_is_newer(self, good: Path, tmp_path: Path, empty_database_url: str) -> None:
        settings = settings_of(empty_database_url, tmp_path / "target")
        changes: tuple[tuple[Callable[[dict[str, Any]], object], type[Exception], str], ...] = (
            (lambda manifest: manifest.update(schema="9999"), RestoreRefused, "newer than this program's"),
            (lambda manifest: manifest.update(dumped_by=99), RestoreRefused, "PostgreSQL 99"),
            (lambda manifest: manifest.update(format=2), BackupUnusable, "newer version of Kryptos"),
        )
        for change, error, words in changes:
            with pytest.raises(error, match=words):
                await restore(empty_database_url, rewritten(good, change), settings)
        assert not await tables_of(empty_database_url)
        assert not is_there(tmp_path / "target")

    async def test_migrates_what_is_older(
        self, tmp_path: Path, empty_database_url: str, database_url: str
    ) -> None:
        older = tmp_path / "versions"
        shutil.copytree(VERSIONS, older, ignore=shutil.ignore_patterns("__pycache__", f"{head_revision()}_*"))
        await migrate(empty_database_url, older)
        settings = settings_of(empty_database_url, tmp_path / "var", pepper=PEPPER)
        taken = await take(empty_database_url, tmp_path / "old.backup", settings)
        assert taken.manifest.schema == migrations.head_revision(older)
        assert not taken.is_recorded  # its schema has no place for that yet
        await execute(database_url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        restored = await restore(database_url, taken.path, settings)
        assert (restored.schema_before, restored.schema) == (taken.manifest.schema, head_revision())
        assert await current_revision(database_url) == head_revision()

    async def test_refuses_a_database_that_holds_anything(
        self, good: Path, tmp_path: Path, database_url: str
    ) -> None:
        settings = settings_of(database_url, tmp_path / "target")
        before = await tables_of(database_url)
        with pytest.raises(RestoreRefused, match=r"not empty.*createdb"):
            await restore(database_url, good, settings)
        assert await tables_of(database_url) == before
        assert not is_there(tmp_path / "target")

    async def test_notices_rows_that_are_missing_and_keeps_nothing(
        self, good: Path, tmp_path: Path, empty_database_url: str
    ) -> None:
        wrong = rewritten(good, lambda manifest: manifest["rows"].update({"public.users": 3}))
        settings = settings_of(empty_database_url, tmp_path / "target")
        with pytest.raises(RestoreRefused, match=r"nothing of it was kept.*3 rows"):
            await restore(empty_database_url, wrong, settings)
        assert not await tables_of(empty_database_url)
        assert not is_there(tmp_path / "target" / "secrets" / "pepper")

    async def test_refused_half_way_by_the_database_keeps_nothing(
        self, good: Path, tmp_path: Path, empty_database_url: str
    ) -> None:
        await execute(empty_database_url, *hindrance("RAISE EXCEPTION 'no space left on device'"))
        settings = settings_of(empty_database_url, tmp_path / "target")
        with pytest.raises(RestoreRefused, match="no space left"):
            await restore(empty_database_url, good, settings)
        assert not await tables_of(empty_database_url)
        assert not is_there(tmp_path / "target" / "secrets" / "pepper")

    async def test_killed_half_way_keeps_nothing_and_works_the_next_time(
        self, good: Path, tmp_path: Path, empty_database_url: str
    ) -> None:
        await execute(empty_database_url, *hindrance("PERFORM pg_sleep(60)"))
        target = tmp_path / "target"
        process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs in this loop
            [sys.executable, "-m", "kryptos.entrypoints.cli", "restore", str(good)],
            env=environment(database_url=empty_database_url, data_dir=str(target)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        await is_seen(
            empty_database_url,
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' "
            "AND datname = current_database()",
        )
        process.send_signal(signal.SIGKILL)
        process.wait()
        await execute(
            empty_database_url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
            "DROP EVENT TRIGGER hindrance",
        )
        assert not await tables_of(empty_database_url)
        settings = settings_of(empty_database_url, target)
        assert (await restore(empty_database_url, good, settings)).has_pepper

    async def test_an_empty_database_of_another_pepper_is_refused(
        self, good: Path, tmp_path: Path, empty_database_url: str
    ) -> None:
        given = settings_of(empty_database_url, tmp_path / "target", pepper=OTHER_PEPPER)
        with pytest.raises(RestoreRefused, match=r"KRYPTOS_PEPPER is not the one"):
            await restore(empty_database_url, good, given)
        kept = keep_pepper(tmp_path / "target", OTHER_PEPPER)
        with pytest.raises(RestoreRefused, match="is not the one"):
            await restore(empty_database_url, good, settings_of(empty_database_url, tmp_path / "target"))
        assert bytes_of(kept) == OTHER_PEPPER.encode()
        assert not await tables_of(empty_database_url)

    async def test_a_pepper_with_a_newer_key_before_the_old_one_fits(
        self, good: Path, tmp_path: Path, empty_database_url: str
    ) -> None:
        pepper = f"2:{'ab' * 32},{PEPPER}"
        settings = settings_of(empty_database_url, tmp_path / "target", pepper=pepper)
        restored = await restore(empty_database_url, good, settings)
        assert (restored.has_pepper, restored.written_secrets) == (True, ())
        assert not is_there(tmp_path / "target" / "secrets")

    async def test_without_the_pepper_says_so(self, tmp_path: Path, database_url: str) -> None:
        source = settings_of(database_url, tmp_path / "source", pepper=PEPPER)
        taken = await take(database_url, tmp_path / "a.backup", source)
        assert PEPPER[2:].encode() not in bytes_of(taken.path)
        await execute(database_url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        restored = await restore(database_url, taken.path, settings_of(database_url, tmp_path / "target"))
        assert (restored.has_pepper, restored.unknown_keys) == (False, ("1",))


def hindrance(statement: str) -> tuple[str, str]:
    """Return what makes a database do something of ours when the table of people is made."""
    function = (
        "CREATE FUNCTION hindrance() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.users') "
        f"THEN {statement}; END IF; END $$"
    )
    return function, "CREATE EVENT TRIGGER hindrance ON ddl_command_end EXECUTE FUNCTION hindrance()"


async def is_seen(url: str, query: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for _ in range(600):
            if await connection.fetchval(query):
                return
            await asyncio.sleep(0.05)
    finally:
        await connection.close()
    pytest.fail(f"never: {query}")


class TestTaking:
    async def test_without_secrets(self, tmp_path: Path, database_url: str) -> None:
        keep_pepper(tmp_path / "var", PEPPER)
        settings = settings_of(database_url, tmp_path / "var")
        taken = await take(database_url, tmp_path / "a.backup", settings, has_secrets=False)
        assert not open_archive(taken.path).secrets
        assert taken.manifest.pepper_keys.keys() == {"1"}
        done = kryptos(
            "backup",
            str(tmp_path / "b.backup"),
            "--without-secrets",
            database_url=database_url,
            data_dir=str(tmp_path / "var"),
        )
        assert "NOT in it (--without-secrets)" in done.stderr

    async def test_never_writes_over_a_file(self, good: Path, tmp_path: Path, database_url: str) -> None:
        before = bytes_of(good)
        with pytest.raises(BackupFailed, match="exists already"):
            await take(database_url, good, settings_of(database_url, tmp_path / "source"))
        assert bytes_of(good) == before

    async def test_waits_for_nobody_who_migrates(self, tmp_path: Path, database_url: str) -> None:
        migrating = await asyncpg.connect(database_url)
        try:
            await migrating.execute("SELECT pg_advisory_lock($1)", LOCK)
            with pytest.raises(BackupFailed, match="being migrated"):
                await take(database_url, tmp_path / "a.backup", settings_of(database_url, tmp_path))
        finally:
            await migrating.close()

    def test_without_room_says_so_and_leaves_nothing(self, tmp_path: Path, database_url: str) -> None:
        places = {"database_url": database_url, "data_dir": str(tmp_path / "var")}
        (tmp_path / "to").mkdir()
        done = kryptos("backup", str(tmp_path / "to" / "a.backup"), before="ulimit -f 16;", **places)
        assert done.returncode == 1
        assert "File too large" in done.stderr
        assert "Nothing of it was kept" in done.stderr
        assert not list((tmp_path / "to").iterdir())
        assert kryptos("backup", str(tmp_path / "no" / "a.backup"), **places).stderr.count("\n") == 1

    async def test_killed_half_way_leaves_no_backup_and_shows_no_password(
        self, tmp_path: Path, database_url: str
    ) -> None:
        """A table that is locked once the rows were counted makes pg_dump wait: time to look at it, and to kill it."""
        await execute(database_url, "CREATE TABLE parted (id int) PARTITION BY RANGE (id)")
        locking = await asyncpg.connect(database_url)
        with_password = database_url.replace("postgres@", "postgres:hunter2@")
        file = tmp_path / "a.backup"
        try:
            await locking.execute("BEGIN; LOCK TABLE parted IN ACCESS EXCLUSIVE MODE")
            process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs in this loop
                [sys.executable, "-m", "kryptos.entrypoints.cli", "backup", str(file)],
                env=environment(database_url=with_password, data_dir=str(tmp_path / "var")),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            await is_seen(
                database_url,
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'parted'::regclass",
            )
            [dumping] = [
                pid for pid, line in processes_mentioning("--snapshot=").items() if "pg_dump" in line
            ]
            assert not [line for line in processes_mentioning("hunter2").values() if "sh -c" not in line]
            assert b"PGPASSWORD=hunter2" in bytes_of(Path(f"/proc/{dumping}/environ"))
            assert b"KRYPTOS_" not in bytes_of(Path(f"/proc/{dumping}/environ"))
            process.send_signal(signal.SIGKILL)
            process.wait()
            wait_until(lambda: not Path(f"/proc/{dumping}").exists(), what="pg_dump ended with us")
        finally:
            await locking.close()
        assert not is_there(file)
        await take(database_url, file, settings_of(database_url, tmp_path / "var"))
        assert open_archive(file).manifest.rows
        assert not drafts_in(tmp_path)


@pytest.mark.parametrize(
    ("url", "variables"),
    [
        (
            "postgresql://kry:se%3Acret%40x%2Fy@db.example:6543/kryptos?sslmode=require&search_path=a b",
            {
                "PGUSER": "kry",
                "PGPASSWORD": "se:cret@x/y",
                "PGHOST": "db.example",
                "PGPORT": "6543",
                "PGDATABASE": "kryptos",
                "PGSSLMODE": "require",
                "PGOPTIONS": "-c search_path=a\\ b",
            },
        ),
        (
            "postgresql://postgres@/kryptos?host=/var/a%20b/s",
            {"PGUSER": "postgres", "PGDATABASE": "kryptos", "PGHOST": "/var/a b/s"},
        ),
        ("postgres://[::1]:5433/k", {"PGHOST": "::1", "PGPORT": "5433", "PGDATABASE": "k"}),
        (
            "postgresql://a.example,b.example:5433/k",
            {"PGHOST": "a.example,b.example", "PGPORT": ",5433", "PGDATABASE": "k"},
        ),
    ],
)
def test_where_to_connect_in_libpqs_words(url: str, variables: dict[str, str]) -> None:
    always = {"PGCONNECT_TIMEOUT", "PGAPPNAME", "PGCLIENTENCODING"}
    found = {name: value for name, value in connection_variables(url).items() if name not in always}
    assert found == variables
    assert os.environ.keys().isdisjoint({"PGPASSWORD"})
