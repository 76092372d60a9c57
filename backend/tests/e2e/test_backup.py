"""A backup taken while people connect and apps read, restored elsewhere: nothing that was promised is missing."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kryptos.infra.postgres import Cluster
from tests.support.connecting import TYPED
from tests.support.demo import KRYPTOS
from tests.support.installation import Installation, Web, durable_cluster, installed
from tests.support.load import Load, check_nothing_is_half_done
from tests.support.processes import wait_until

pytestmark = pytest.mark.slow

READ_FROM_CHAINS = (
    "transactions",
    "ledger_entries",
    "balances",
    "assets",
    "sync_cursors",
    "integration_chains",
)
PATIENCE_SECONDS = 60


class Embedded(Installation):
    """An installation on the PostgreSQL that comes with the product: the first of its commands owns it."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, f"postgresql://postgres@/kryptos?host={directory}/var/postgres/s")

    def variables(self, **settings: str) -> dict[str, str]:
        given = super().variables(**settings)
        del given["KRYPTOS_DATABASE_URL"]
        return given


@contextmanager
def embedded() -> Iterator[Installation]:
    directory = Path(tempfile.mkdtemp(prefix="kryptos-test-"))
    installation = Embedded(directory)
    try:
        yield installation
    finally:
        installation.close()
        shutil.rmtree(directory)


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with durable_cluster() as cluster:
        yield cluster


def run(installation: Installation, *words: str) -> str:
    """Run a command to its end and return all that it says."""
    done = subprocess.run(
        [sys.executable, "-m", KRYPTOS, *words],
        env=installation.variables(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def empty(installation: Installation) -> None:
    """Make the external database of an installation what a new one is."""
    installation.run_script("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def connect_an_account(installation: Installation, web: Web) -> dict[str, str]:
    """Let a guest connect a sandbox account, wait until it was read, and return what its app reads with."""
    app = installation.client_headers
    with httpx.Client(base_url=web.base_url, timeout=PATIENCE_SECONDS) as http:

        def post(path: str, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
            reply = http.post(path, headers=headers, json=body)
            assert reply.status_code == 200, reply.text
            return dict(reply.json()["data"])

        scopes = "openid portfolios:read transactions:read integrations:read"
        person = {"X-LINK-TOKEN": post("/link-token", app, {"scopes": scopes})["link_token"]}
        post("/link-token/auth/anonymous", person, {})
        post("/link-token/consent", person, {"approved": True})
        post("/link-token/integrations", person, {"provider": "ethereum", "address": TYPED, "alias": "Mine"})
        public_token = post("/link-token/complete", person, {})["public_token"]
        given = post("/token/exchange", app, {"public_token": public_token})
        reader = {"Authorization": f"Bearer {given['access_token']}"}
        wait_until(
            lambda: '"status":"COMPLETED"' in http.get("/api/v1/integrations", headers=reader).text,
            what="the account was read",
            timeout_seconds=PATIENCE_SECONDS,
        )
    return reader


def contents(installation: Installation) -> dict[str, list[str]]:
    """Return every row of what was read from chains, as text."""
    return {
        table: [row["row"] for row in installation.rows(f"SELECT t::text AS row FROM {table} t ORDER BY 1")]
        for table in READ_FROM_CHAINS
    }


def read(web: Web, reader: dict[str, str]) -> Any:
    """Return the transactions that the app reads of the connected account."""
    reply = httpx.get(
        f"{web.base_url}/api/v1/transactions?limit=100", headers=reader, timeout=PATIENCE_SECONDS
    )
    assert reply.status_code == 200, reply.text
    return reply.json()["data"]


def move(source: Installation, target: Installation) -> None:
    """Back up ``source`` while it works under load, restore into ``target``, and compare."""
    web, worker = source.serve(), source.work()
    created = source.command("client", "create", "Test app")
    source.client_headers = {"X-Client-Id": created["client_id"], "X-Client-Secret": created["client_secret"]}
    reader = connect_an_account(source, web)
    file = target.directory / "moved.backup"
    with Load(source, web, may_break=False) as load:
        load.let_pass(8)
        promised = dict(load.ledger.acknowledged)
        said = run(source, "backup", str(file))
        load.let_pass(4)
    assert not load.ledger.undocumented
    assert worker.is_alive
    assert not source.errors()
    assert "Done" in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in target.directory.iterdir() if "moved" in path.name] == [file.name]
    transactions, rows = read(web, reader), contents(source)
    assert rows["ledger_entries"]
    source.close()

    told = run(target, "restore", str(file))
    assert re.search(r"Done: [1-9]\d* people, 1 apps, [1-9]\d* grants, 1 connected accounts", told), told
    assert "MISSING" not in told
    target.client_headers = source.client_headers
    restored, _ = target.serve(web.port), target.work()  # addresses of logos bear the port
    assert contents(target) == rows
    assert read(restored, reader) == transactions
    with httpx.Client(base_url=restored.base_url, timeout=PATIENCE_SECONDS) as http:
        for access_token in promised.values():
            reply = http.get("/api/v1/userinfo", headers={"Authorization": f"Bearer {access_token}"})
            assert reply.status_code == 200, reply.text
    check_nothing_is_half_done(target)
    with Load(target, restored, may_break=False) as load:
        load.let_pass(4)
    assert not load.ledger.undocumented
    assert not target.errors()


@pytest.mark.timeout(300)
def test_embedded_under_load_into_an_empty_directory() -> None:
    with embedded() as source, embedded() as target:
        move(source, target)
        refused = subprocess.run(
            [sys.executable, "-m", KRYPTOS, "restore", str(target.directory / "moved.backup")],
            env=target.variables(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        assert refused.returncode == 1
        assert "kryptos serve" in refused.stderr  # who runs there


@pytest.mark.timeout(300)
def test_external_under_load_into_an_empty_database(own_cluster: Cluster) -> None:
    with installed(own_cluster) as source, installed(own_cluster) as target:
        empty(target)
        move(source, target)


@pytest.mark.timeout(300)
def test_external_to_embedded_and_stopped(own_cluster: Cluster) -> None:
    """From a PostgreSQL of one's own into the product's, and from there, where nothing runs, into a third place."""
    with installed(own_cluster) as source, embedded() as middle, embedded() as last:
        client = source.command("client", "create", "Moved app")
        run(source, "backup", str(source.directory / "first.backup"))
        run(middle, "restore", str(source.directory / "first.backup"))
        run(middle, "backup", str(middle.directory))
        [second] = middle.directory.glob("kryptos-*.backup")
        run(last, "restore", str(second))
        assert [each["client_id"] for each in last.command("client", "list")] == [client["client_id"]]
