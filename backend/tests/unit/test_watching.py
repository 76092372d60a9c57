"""What a worker shows of itself, to whom, and that the measures are those of the database."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import httpx
import pytest

from kryptos.infra.database import Database
from kryptos.infra.ports import PortTaken
from kryptos.infra.settings import Settings
from kryptos.infra.telemetry import registry
from kryptos.surfaces.http.watching import Watch, may_watch
from kryptos.surfaces.worker.watched import watched
from tests.architecture.test_deploy import expressions
from tests.support.clock import ManualClock
from tests.support.ports import free_port
from tests.support.queue import open_database

LABELS_COUNTED = {
    collector._name: collector._labelnames  # type: ignore[attr-defined]
    for collector in registry._collector_to_names
}


@pytest.mark.parametrize(
    ("peer", "authorization", "is_forwarded", "token", "may"),
    [
        ("127.0.0.1", "", False, None, True),
        ("::1", "", False, None, True),
        ("127.0.0.1", "", True, None, False),
        ("10.0.0.7", "", False, None, False),
        (None, "", False, None, False),
        ("nonsense", "", False, None, False),
        ("10.0.0.7", "Bearer right", True, "right", True),
        ("127.0.0.1", "Bearer wrong", False, "right", False),
        ("127.0.0.1", "Bearer é", False, "right", False),
        ("127.0.0.1", "", False, "right", False),
    ],
)
def test_who_may_watch(
    peer: str | None, authorization: str, is_forwarded: bool, token: str | None, may: bool
) -> None:
    given = {"peer": peer, "authorization": authorization, "is_forwarded": is_forwarded, "token": token}
    assert may_watch(**given) is may  # type: ignore[arg-type]


@asynccontextmanager
async def a_watched_worker(database: Database, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
    port = free_port()
    async with (
        watched(Settings(worker_metrics_port=port, **settings), Watch(database)),  # type: ignore[arg-type]
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        yield http


async def test_a_worker_shows_what_it_counts_and_what_the_database_knows(database_url: str) -> None:
    database = open_database(database_url)
    async with a_watched_worker(database) as http:
        shown = await http.get("/metrics")
        assert shown.status_code == 200
        for line in (
            "kryptos_database_reached 1.0",
            'kryptos_queue_jobs{state="dead"} 0.0',
            'kryptos_grants{state="active"} 0.0',
            'kryptos_erasures{state="waiting"} 0.0',
            "kryptos_workers 0.0",
            "kryptos_worker_sign_age_seconds +Inf",
            "kryptos_last_backup_timestamp_seconds 0.0",
            "# TYPE kryptos_jobs_total counter",
        ):
            assert line in shown.text.splitlines()
        assert (await http.get("/livez")).json() == {"status": "alive"}
        assert (await http.get("/else")).status_code == 404
        assert (await http.post("/metrics")).status_code == 405
        assert (await http.head("/metrics")).text == ""
        assert (await http.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"})).status_code == 403
    await database.close()


async def test_a_worker_asks_for_the_token_where_one_is_set(database_url: str) -> None:
    database = open_database(database_url)
    async with a_watched_worker(database, metrics_token="right") as http:
        assert (await http.get("/metrics")).status_code == 403
        shown = await http.get("/metrics", headers={"Authorization": "Bearer right"})
        assert shown.status_code == 200
    await database.close()


async def test_whoever_speaks_no_http_is_hung_up_on(database_url: str) -> None:
    database = open_database(database_url)
    async with a_watched_worker(database) as http:
        for nonsense in (b"\r\n\r\n", b"x" * 20_000 + b"\r\n\r\n", b"GET\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", http.base_url.port)
            writer.write(nonsense)
            assert await reader.read() == b""
            writer.close()
        assert (await http.get("/livez")).status_code == 200
    await database.close()


async def test_a_taken_port_names_the_setting(database_url: str) -> None:
    database = open_database(database_url)
    async with a_watched_worker(database) as http:
        settings = Settings(worker_metrics_port=http.base_url.port)
        with pytest.raises(PortTaken, match="KRYPTOS_WORKER_METRICS_PORT"):
            async with watched(settings, Watch(database)):
                pass
    await database.close()


async def test_no_port_shows_nothing(database_url: str) -> None:
    async with watched(Settings(), Watch(open_database(database_url))):
        pass


async def test_without_the_database_the_counts_are_shown_all_the_same() -> None:
    database = open_database("postgresql://nobody@127.0.0.1:1/none")
    shown = (await Watch(database).render()).decode()
    assert "kryptos_database_reached 0.0" in shown
    assert "kryptos_grants" not in shown
    assert "kryptos_database_unavailable_total" in shown
    await database.close()


async def test_the_database_is_asked_every_few_seconds_however_many_scrape(database_url: str) -> None:
    database, passed = open_database(database_url), [0.0]
    watch = Watch(database, monotonic=lambda: passed[0])
    assert 'kryptos_queue_jobs{state="dead"} 0.0' in (await watch.render()).decode()
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "INSERT INTO jobs (id, name, payload, state, created_at, run_at, starts, max_starts, died_at) "
        "VALUES ('job_1', 'prune', '', 'dead', now(), now(), 1, 1, now())"
    )
    await connection.close()
    assert 'kryptos_queue_jobs{state="dead"} 0.0' in (await watch.render()).decode()
    passed[0] = 6.0
    assert 'kryptos_queue_jobs{state="dead"} 1.0' in (await watch.render()).decode()
    await database.close()


async def test_what_waits_is_measured_by_how_long(database_url: str) -> None:
    clock = ManualClock()
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "INSERT INTO outbox (id, name, payload, occurred_at) VALUES ('evt_1', 'x', '', $1)", clock.now()
    )
    await connection.execute(
        "INSERT INTO jobs (id, name, payload, state, created_at, run_at, starts, max_starts) "
        "VALUES ('job_1', 'prune', '', 'waiting', $1, $1, 0, 8)",
        clock.now(),
    )
    await connection.execute(
        "INSERT INTO erasures (id, reason, user_ids, requested_at, counts) VALUES ('er_1', 'person', '{}', $1, '{}')",
        clock.now(),
    )
    await connection.execute("INSERT INTO worker_heartbeats VALUES ('worker_1', $1, $1)", clock.now())
    await connection.execute("INSERT INTO backups VALUES ($1, 1, true)", clock.now())
    await connection.close()
    clock.advance(seconds=90)
    database = open_database(database_url, clock)
    lines = (await Watch(database).render()).decode().splitlines()
    for name in ("outbox_lag", "queue_oldest_due", "erasure_oldest_waiting", "worker_sign_age"):
        assert f"kryptos_{name}_seconds 90.0" in lines
    assert "kryptos_workers 0.0" in lines
    taken_at = (clock.now() - timedelta(seconds=90)).timestamp()
    (told,) = [line for line in lines if line.startswith("kryptos_last_backup_timestamp_seconds ")]
    assert float(told.split()[1]) == taken_at  # written as a power of ten
    await database.close()


async def test_everything_that_is_watched_is_shown(database_url: str) -> None:
    """Alerts and dashboard name metrics that a process shows, with labels and values that it gives."""
    database = open_database(database_url)
    shown = (await Watch(database).render()).decode()
    await database.close()
    kinds = dict(re.findall(r"^# TYPE (kryptos_\w+) (\w+)$", shown, re.MULTILINE))
    names = {name for name, kind in kinds.items() if kind != "histogram"}
    names |= {
        f"{name}{end}" for name, kind in kinds.items() if kind == "histogram" for end in ("_bucket", "_count")
    }
    labels = {name: set(labels) for name, labels in LABELS_COUNTED.items()}
    for where, expression in expressions():
        for name, selector in re.findall(r"\b(kryptos_\w+)(?:\{([^}]*)\})?", expression):
            assert name in names, (where, name)
            for label, sign, value in re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', selector):
                if kinds.get(name) == "gauge":
                    assert f'{name}{{{label}{sign}"{value}"}} ' in shown, (where, name, label, value)
                else:
                    assert label in labels[name.removesuffix("_bucket").removesuffix("_total")], (where, name)
