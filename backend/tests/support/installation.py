"""An installation as real processes, any of which a test may kill: its database, web servers and worker."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from kryptos.domains import clients, workspaces
from kryptos.domains.clients import CreatedClient
from kryptos.infra.database import Database, Uow
from kryptos.infra.migrations.run import migrate
from kryptos.infra.postgres import Cluster
from kryptos.infra.processes import last_lines
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import load_settings
from kryptos.kernel.clock import SystemClock
from tests.support.app import OPERATOR
from tests.support.demo import KRYPTOS
from tests.support.ports import free_port
from tests.support.postgres import TEMPLATE, administer
from tests.support.processes import descendants_of, environment, is_running, wait_until
from tests.support.queue import query

_PATIENCE_SECONDS = 40  # longer than the grace that a server gives its calls, and itself
_numbers = count(1)


class Process:
    """One ``kryptos`` command that runs until it is stopped or killed; what it says is in ``log``."""

    def __init__(self, command: str, *, log: Path, variables: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", KRYPTOS, command],
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.pid = self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the command still runs."""
        return self._process.poll() is None

    @property
    def family(self) -> set[int]:
        """Every process that the command has started."""
        return descendants_of(self.pid)

    def kill(self) -> None:
        """Kill the command's main process with SIGKILL and wait until nothing that it started is left."""
        family = self.family
        self._process.kill()
        self._process.wait(_PATIENCE_SECONDS)
        wait_until(lambda: not any(map(is_running, family)), what="what a killed process started is gone")

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self._process.terminate()

    def wait(self) -> int:
        """Wait for the end and return the exit status."""
        return self._process.wait(_PATIENCE_SECONDS)

    def stop(self) -> None:
        """End the command in order if it still runs, at once if it does not listen."""
        if self.is_alive:
            self.ask_to_stop()
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.kill()


class Web(Process):
    """``kryptos serve`` on a port of its own."""

    def __init__(self, port: int, *, log: Path, variables: dict[str, str]) -> None:
        super().__init__("serve", log=log, variables={**variables, "KRYPTOS_PORT": str(port)})
        self.port = port
        self.base_url = f"http://127.0.0.1:{port}"

    def wait_until_it_answers(self, path: str = "/readyz") -> None:
        """Return once a path is answered with 200; by default, once the server is ready."""
        wait_until(
            lambda: not self.is_alive or self.status_of(path) == 200,
            what=f"{path} answers 200",
            timeout_seconds=60,
        )
        assert self.is_alive, f"the web server has ended:\n{last_lines(self.log)}"

    def status_of(self, path: str) -> int | None:
        """Return the status of a GET, None when nothing answers."""
        try:
            return httpx.get(self.base_url + path, timeout=_PATIENCE_SECONDS).status_code
        except httpx.TransportError:
            return None


class Installation:
    """A database of its own, and the commands that run on it."""

    def __init__(self, directory: Path, database_url: str, **settings: str) -> None:
        self.directory = directory
        self.url = database_url
        self._settings = settings
        self.client_headers: dict[str, str] = {}
        self._stack = ExitStack()

    def variables(self, **settings: str) -> dict[str, str]:
        """Return the environment of a command."""
        defaults = {
            "data_dir": str(self.directory / "var"),
            "database_url": self.url,
            "mailbox": "true",
            "rate_limit_factor": "1000",
        }
        return environment(**{**defaults, **self._settings, **settings})

    def serve(self, port: int | None = None, *, is_awaited: bool = True, **settings: str) -> Web:
        """Start a web server, and wait until it is ready unless told otherwise."""
        variables = self.variables(**settings)
        web = Web(port or free_port(), log=self.directory / "web.log", variables=variables)
        self._stack.callback(web.stop)
        if is_awaited:
            web.wait_until_it_answers()
        return web

    def work(self, **settings: str) -> Process:
        """Start a worker."""
        variables = self.variables(**settings)
        worker = Process("worker", log=self.directory / "worker.log", variables=variables)
        self._stack.callback(worker.stop)
        return worker

    def command(self, *words: str) -> Any:
        """Run a command that prints JSON to its end."""
        return json.loads(self.run(*words, "--json"))

    def run(self, *words: str) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", KRYPTOS, *words],
            env=self.variables(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def create_client(self, **fields: Any) -> str:
        """Register the client whose credentials the test uses, and return its id."""
        hasher = load_token_hasher(load_settings(self.variables()))

        async def work(uow: Uow) -> CreatedClient:
            workspace = await workspaces.create_workspace(uow, actor=OPERATOR, name="The app's team")
            return await clients.create_client(uow, workspace_id=workspace.id, name="Test app", **fields)

        async def run() -> CreatedClient:
            database = Database(self.url, clock=SystemClock(), hasher=hasher, pool_size=1)
            try:
                return await database.execute(work)
            finally:
                await database.close()

        with asyncio.Runner() as runner:
            created = runner.run(run())
        self.client_headers = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
        return created.client.id

    def rows(self, statement: str, *arguments: object) -> list[dict[str, Any]]:
        """Run one statement on the database and return its rows."""
        with asyncio.Runner() as runner:
            return [dict(row) for row in runner.run(query(self.url, statement, *arguments))]

    def run_script(self, script: str) -> None:
        """Run several statements on the database."""

        async def run() -> None:
            connection = await asyncpg.connect(self.url)
            try:
                await connection.execute(script)
            finally:
                await connection.close()

        with asyncio.Runner() as runner:
            runner.run(run())

    def errors(self) -> list[str]:
        """Return what the web servers and workers have said so far that somebody should look at."""
        lines = [line for log in self.directory.glob("*.log") for line in log.read_text().splitlines()]
        return [line for line in lines if '"level":"error"' in line or not line.startswith("{")]

    def close(self) -> None:
        """Stop every command that still runs."""
        self._stack.close()


@contextmanager
def durable_cluster() -> Iterator[Cluster]:
    """Run a server that keeps what it has committed, with a migrated template; a test may stop, kill and start it."""
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    cluster = Cluster(directory / "postgres", purpose="tests of faults")
    try:
        cluster.start()
        with asyncio.Runner() as runner:
            runner.run(administer(cluster, f'CREATE DATABASE "{TEMPLATE}"'))
            runner.run(migrate(cluster.url(TEMPLATE)))
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def installed(cluster: Cluster, **settings: str) -> Iterator[Installation]:
    """Give an installation on a fresh database of the cluster; none of its processes outlives the block."""
    name = f"installation_{next(_numbers)}"
    with asyncio.Runner() as runner:
        runner.run(administer(cluster, f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"'))
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    installation = Installation(directory, cluster.url(name), **settings)
    try:
        yield installation
    finally:
        installation.close()
        shutil.rmtree(directory)


def kill(pid: int) -> None:
    """Kill a process with SIGKILL and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid), what=f"process {pid} is gone")


def restart(cluster: Cluster) -> None:
    """Stop the server in PostgreSQL's fast way, which cuts its connections, and start it on the same socket."""
    cluster.stop()
    cluster.start()
