"""An installation with the embedded database: web, worker and commands on one data directory, as operators run it."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from kryptos.infra.postgres import cluster_directory
from kryptos.infra.postgres.cluster import Owner
from kryptos.infra.settings import Settings
from tests.support.demo import KRYPTOS
from tests.support.installation import Process, Web
from tests.support.ports import free_port
from tests.support.processes import environment, wait_until
from tests.support.queue import query


class Embedded:
    """Its processes, its commands, its files."""

    def __init__(self, directory: Path, stack: ExitStack, **settings: str) -> None:
        self.directory = directory
        self._stack = stack
        self._settings = {
            "data_dir": str(directory),
            "mailbox": "true",
            "rate_limit_factor": "1000",
            "trusted_proxies": "127.0.0.1",
            **settings,
        }
        (directory / "logs").mkdir(parents=True, exist_ok=True)
        self.web = Web(free_port(), log=directory / "logs/web.log", variables=environment(**self._settings))
        stack.callback(self.web.stop)
        self.web.wait_until_it_answers()
        self.client: dict[str, str] = {}

    @property
    def url(self) -> str:
        """Where the database is, as the lock file of its owner says."""
        lock = cluster_directory(Settings(data_dir=self.directory)) / "owner.lock"
        owner = Owner(**json.loads(lock.read_text()))
        url = owner.url()
        assert url is not None
        return url

    def work(self) -> Process:
        """Start a worker."""
        worker = Process(
            "worker", log=self.directory / "logs/worker.log", variables=environment(**self._settings)
        )
        self._stack.callback(worker.stop)
        return worker

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; it must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", KRYPTOS, *words],
            env=environment(**self._settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def create_client(self) -> None:
        """Register the app that the test uses."""
        made = json.loads(self.command("client", "create", "Test app", "--json").stdout)
        self.client = {"X-Client-Id": made["client_id"], "X-Client-Secret": made["client_secret"]}

    def rows(self, statement: str, *arguments: object) -> list[dict[str, Any]]:
        """Run one statement and return its rows."""
        with asyncio.Runner() as runner:
            return [dict(row) for row in runner.run(query(self.url, statement, *arguments))]

    def run_script(self, script: str) -> None:
        """Run statements outside of a transaction."""

        async def run() -> None:
            connection = await asyncpg.connect(self.url)
            try:
                for each in script.split(";"):
                    await connection.execute(each)
            finally:
                await connection.close()

        with asyncio.Runner() as runner:
            runner.run(run())

    def call(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        """POST and return the data of a call that must succeed."""
        reply = httpx.post(self.web.base_url + path, json=body, headers=headers, timeout=30)
        assert reply.is_success, reply.text
        return dict(reply.json().get("data", {}))

    def connect_by_mail(
        self, email: str, *, persona: str, alias: str, network_address: str
    ) -> dict[str, Any]:
        """Let somebody come by mail, from an address, and connect a test account that the worker reads."""
        opened = self.call("/link-token", {}, self.client)
        person = {"X-LINK-TOKEN": opened["link_token"], "X-Forwarded-For": network_address}
        self.call("/link-token/auth/email/start", {"email": email}, person)
        newest = "SELECT subject FROM mailbox_mails WHERE recipient = $1"
        wait_until(lambda: self.rows(newest, email), what="the mail is there")
        code = self.rows(newest, email)[0]["subject"][:6]
        signed_in = self.call("/link-token/auth/email/verify", {"email": email, "code": code}, person)
        person["X-Widget-Key"] = signed_in["widget_key"]
        self.call("/link-token/consent", {"approved": True}, person)
        account = {"provider": "ethereum", "persona": persona, "alias": alias}
        wallet_id = self.call("/link-token/integrations", account, person)["wallet_id"]
        public_token = self.call("/link-token/complete", {}, person)["public_token"]
        access = self.call("/token/exchange", {"public_token": public_token}, self.client)
        read = "SELECT 1 FROM integrations WHERE id = $1 AND status = 'completed'"
        wait_until(lambda: self.rows(read, wallet_id), what="the account is read", timeout_seconds=60)
        holdings = httpx.get(
            f"{self.web.base_url}/api/v1/holdings",
            headers={"Authorization": f"Bearer {access['access_token']}"},
            timeout=30,
        )
        assert holdings.is_success
        return {**access, "user_id": signed_in["user_id"], "wallet_id": wallet_id}


@contextmanager
def embedded(**settings: str) -> Iterator[Embedded]:
    """Give an installation in a directory of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kryptos-test-") as directory, ExitStack() as stack:
        yield Embedded(Path(directory) / "var", stack, **settings)
