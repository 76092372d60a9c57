"""Several web processes behind one port count together, and a worker has numbers of its own."""

import re
from collections.abc import Iterator

import httpx
import pytest

from kryptos.infra.postgres import Cluster
from tests.support.installation import Installation, Web, durable_cluster, installed, kill
from tests.support.ports import free_port
from tests.support.processes import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # several servers start and stop


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with durable_cluster() as cluster:
        yield cluster


@pytest.fixture
def installation(own_cluster: Cluster) -> Iterator[Installation]:
    with installed(own_cluster) as fresh:
        yield fresh


def health_calls(web: Web) -> int:
    """Return how many calls of one kind a scrape tells of, on a connection of its own: any process may answer."""
    text = httpx.get(f"{web.base_url}/metrics").text
    [line] = re.findall(
        r'^kryptos_http_requests_total\{method="GET",path_template="/api/health",status="200"\} (.+)$',
        text,
        re.MULTILINE,
    )
    return int(float(line))


def test_whichever_process_answers_a_scrape_it_tells_of_all(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(installation.directory))
    web = installation.serve(web_processes="3")
    assert list(installation.directory.glob("kryptos-metrics-*"))
    wait_until(lambda: len(web.family) == 3, what="three processes serve")
    for _ in range(30):
        assert web.status_of("/api/health") == 200
    assert {health_calls(web) for _ in range(12)} == {30}
    kill(min(web.family))
    wait_until(lambda: len(web.family) == 3, what="another process takes its place")
    web.wait_until_it_answers()
    for _ in range(10):
        assert web.status_of("/api/health") == 200
    assert {health_calls(web) for _ in range(12)} == {40}
    text = httpx.get(f"{web.base_url}/metrics").text
    assert text.count("\nkryptos_database_reached 1.0") == 1
    port = web.port
    web.stop()
    assert not list(installation.directory.glob("kryptos-metrics-*"))
    again = installation.serve(port, web_processes="3")
    assert again.status_of("/api/health") == 200
    assert health_calls(again) == 1  # counters begin anew with the server, as Prometheus expects


def test_a_worker_can_be_scraped(installation: Installation) -> None:
    port = free_port()
    worker = installation.work(worker_metrics_port=str(port))

    def metrics() -> str:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/metrics").text
        except httpx.TransportError:
            return ""

    wait_until(
        lambda: 'kryptos_jobs_total{job="prune",outcome="succeeded"}' in metrics(),
        what="the worker tells of a job that it did",
        timeout_seconds=60,
    )
    wait_until(lambda: "kryptos_workers 1.0" in metrics(), what="the worker is seen", timeout_seconds=30)
    assert worker.is_alive
    assert not installation.errors()
