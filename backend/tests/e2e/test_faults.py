"""Whatever dies under a load of whole journeys, nothing that was acknowledged is lost and nothing is left half done."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import asyncpg
import httpx
import pytest

from kryptos.infra.postgres import Cluster
from tests.support.installation import Installation, Web, durable_cluster, installed, kill, restart
from tests.support.load import Load, audit_chains, check_nothing_is_lost, is_documented_refusal
from tests.support.postgres import administer
from tests.support.processes import descendants_of, is_running, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A server whose commits reach the disk, for this file to restart and kill."""
    with durable_cluster() as cluster:
        yield cluster


@pytest.fixture
def installation(own_cluster: Cluster) -> Iterator[Installation]:
    """An installation with one client, on a fresh database."""
    with installed(own_cluster) as fresh:
        fresh.create_client()
        yield fresh


def test_restart_of_postgres_costs_an_app_no_more_than_a_documented_503(
    own_cluster: Cluster, installation: Installation
) -> None:
    """Short absences are bridged or told as a 503, a long one is told until it is over; the web server stays."""
    web = installation.serve()
    processes = web.family
    with Load(installation, web, may_break=False) as load:
        for _ in range(3):
            load.let_pass(8)
            restart(own_cluster)
        load.let_pass(8)
        own_cluster.stop()
        refused = load.ledger.refused
        wait_until(lambda: load.ledger.refused >= refused + 4, what="calls are refused")
        assert web.status_of("/livez") == 200
        own_cluster.start()
        load.let_pass(8)
    check_nothing_is_lost(installation, web, load.ledger)
    assert web.is_alive
    assert web.family == processes
    assert not installation.errors()


def test_kill_of_the_processes_that_answer(installation: Installation) -> None:
    web = installation.serve(web_processes="2")
    first, second = sorted(web.family)
    with Load(installation, web, may_break=True) as load:
        for victim in (first, second):
            load.let_pass(8)
            kill(victim)
            wait_until(lambda: len(web.family) == 2, what="another process takes its place")
        load.let_pass(8)
    check_nothing_is_lost(installation, web, load.ledger)
    assert web.is_alive


def test_kill_of_the_main_process_of_the_web_server(installation: Installation) -> None:
    web = installation.serve()
    with Load(installation, web, may_break=True) as load:
        load.let_pass(8)
        web.kill()
        successor = installation.serve(web.port)
        load.let_pass(8)
    check_nothing_is_lost(installation, successor, load.ledger)


def test_kill_of_the_postmaster(own_cluster: Cluster, installation: Installation) -> None:
    web = installation.serve()
    processes = web.family
    with Load(installation, web, may_break=False) as load:
        for _ in range(2):
            load.let_pass(8)
            assert own_cluster.pid is not None
            kill(own_cluster.pid)
            restart(own_cluster)
        load.let_pass(8)
    check_nothing_is_lost(installation, web, load.ledger)
    assert web.family == processes
    assert not installation.errors()


def test_kill_of_everything_at_once(own_cluster: Cluster, installation: Installation) -> None:
    web, worker = installation.serve(), installation.work()
    with Load(installation, web, may_break=True) as load:
        load.let_pass(8)
        assert own_cluster.pid is not None
        kill(own_cluster.pid)
        web.kill()
        worker.kill()
        restart(own_cluster)
        successor = installation.serve(web.port)
        load.let_pass(8)
    check_nothing_is_lost(installation, successor, load.ledger)


def ask_for_mail(installation: Installation, web: Web, address: str) -> str:
    """Ask for a mailed code and return the link token that it belongs to."""
    with httpx.Client(base_url=web.base_url, timeout=30) as http:
        created = http.post("/link-token", json={}, headers=installation.client_headers)
        token = str(created.json()["data"]["link_token"])
        headers = {"X-LINK-TOKEN": token}
        asked = http.post("/link-token/auth/email/start", json={"email": address}, headers=headers)
        assert asked.status_code == 200, asked.text
    return token


def mails(installation: Installation) -> list[str]:
    rows = installation.rows("SELECT recipient FROM mailbox_mails ORDER BY recipient")
    return [row["recipient"] for row in rows]


def test_mail_asked_for_before_the_kill_of_the_worker_arrives_after_its_restart(
    installation: Installation,
) -> None:
    """One mail is being sent when the worker dies, one still waits: both arrive, and the codes in them work."""
    web, worker = installation.serve(), installation.work()
    with asyncio.Runner() as runner:
        blocker = runner.run(asyncpg.connect(installation.url))
        runner.run(blocker.execute("BEGIN; LOCK TABLE mailbox_mails IN ACCESS EXCLUSIVE MODE"))
        with Load(installation, web, may_break=False) as load:
            tokens = {"sending@example.com": ask_for_mail(installation, web, "sending@example.com")}
            running = "SELECT id FROM jobs WHERE name = 'send_sign_in_code' AND state = 'running'"
            wait_until(lambda: installation.rows(running), what="the worker is sending")
            tokens["waiting@example.com"] = ask_for_mail(installation, web, "waiting@example.com")
            worker.kill()
            load.let_pass(4)
        runner.run(blocker.close())
    check_nothing_is_lost(installation, web, load.ledger)
    installation.work()
    wait_until(lambda: len(mails(installation)) == 2, what="both mails arrived", timeout_seconds=60)
    assert mails(installation) == sorted(tokens)
    for row in installation.rows("SELECT recipient, text FROM mailbox_mails"):
        code = next(word for word in row["text"].split() if word.isdigit() and len(word) == 6)
        body = {"email": row["recipient"], "code": code}
        headers = {"X-LINK-TOKEN": tokens[row["recipient"]]}
        verified = httpx.post(
            f"{web.base_url}/link-token/auth/email/verify", json=body, headers=headers, timeout=30
        )
        assert verified.status_code == 200, verified.text
    chains = audit_chains(installation)
    assert chains
    assert not [chain for chain in chains if chain.broken_at]


def test_server_starts_without_its_database_and_serves_as_soon_as_it_is_there(own_cluster: Cluster) -> None:
    """First there is no server, then one that does not answer, then one without the database; no restart is needed."""
    with installed(own_cluster) as installation:
        installation.create_client()
        name = installation.url.partition("?")[0].rpartition("/")[2]
        rename(own_cluster, name, f"{name}_aside")
        own_cluster.stop()
        try:
            web = installation.serve(is_awaited=False)
            web.wait_until_it_answers("/livez")
            processes = web.family
            check_refused(installation, web)
        finally:
            own_cluster.start()
        with frozen(own_cluster):
            check_refused(installation, web)
        check_refused(installation, web)
        rename(own_cluster, f"{name}_aside", name)
        web.wait_until_it_answers()
        with Load(installation, web, may_break=False) as load:
            load.let_pass(4)
        check_nothing_is_lost(installation, web, load.ledger)
        assert web.is_alive
        assert web.family == processes
        assert not installation.errors()


def check_refused(installation: Installation, web: Web) -> None:
    """Every call is the documented 503, readiness says why in words, and the process is alive."""
    headers = {**installation.client_headers, "Authorization": "Bearer cat_1"}
    calls = [
        ("GET", "/readyz"),
        ("GET", "/livez"),
        ("POST", "/link-token"),
        ("GET", "/token/grants"),
        ("GET", "/api/v1/userinfo"),
    ]

    def call(method: str, path: str) -> httpx.Response:
        return httpx.request(method, web.base_url + path, headers=headers, timeout=30)

    with ThreadPoolExecutor(len(calls)) as pool:
        ready, alive, *refused = [each.result() for each in [pool.submit(call, *one) for one in calls]]
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] == "cannot be reached"
    assert alive.status_code == 200
    assert all(map(is_documented_refusal, refused)), [reply.text for reply in refused]


@contextmanager
def frozen(cluster: Cluster) -> Iterator[None]:
    """Let the server take connections without ever answering, as one does whose disk hangs, while the block runs."""
    assert cluster.pid is not None
    family = [cluster.pid, *descendants_of(cluster.pid)]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


def rename(cluster: Cluster, name: str, new_name: str) -> None:
    with asyncio.Runner() as runner:
        runner.run(administer(cluster, f'ALTER DATABASE "{name}" RENAME TO "{new_name}"'))


def test_sigterm_finishes_the_calls_under_way_and_takes_no_more(installation: Installation) -> None:
    web = installation.serve()
    family = web.family
    replies: list[httpx.Response] = []

    def call() -> None:
        replies.append(
            httpx.post(f"{web.base_url}/link-token", json={}, headers=installation.client_headers, timeout=60)
        )

    calls = [threading.Thread(target=call) for _ in range(6)]
    with asyncio.Runner() as runner, httpx.Client(base_url=web.base_url) as idle:
        assert idle.get("/livez").status_code == 200  # and its connection stays open
        blocker = runner.run(asyncpg.connect(installation.url))
        runner.run(blocker.execute("BEGIN; LOCK TABLE link_sessions IN ACCESS EXCLUSIVE MODE"))
        for thread in calls:
            thread.start()
        waiting = (
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        wait_until(lambda: len(installation.rows(waiting)) == len(calls), what="every call is under way")
        web.ask_to_stop()
        wait_until(lambda: web.status_of("/livez") is None, what="new connections are refused")
        assert web.is_alive
        assert not replies
        runner.run(blocker.close())
        for thread in calls:
            thread.join()
    assert [reply.status_code for reply in replies] == [200] * len(calls)
    assert web.wait() == 0
    assert not any(map(is_running, family))
    assert len(installation.rows("SELECT id FROM link_sessions")) == len(calls)
