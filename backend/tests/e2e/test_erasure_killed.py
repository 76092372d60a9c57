"""An erasure whose workers are killed, again and again: every row goes, and each is counted once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from kryptos.domains import privacy
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.privacy import ErasureState, Reason, RequestedErasure
from kryptos.infra.database import Database, Uow
from kryptos.infra.postgres import Cluster
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import load_settings
from kryptos.kernel.clock import SystemClock
from tests.e2e.test_large_export import seed
from tests.support.installation import Installation, durable_cluster, installed
from tests.support.processes import wait_until

pytestmark = pytest.mark.slow

TRANSACTIONS = 60_000
Result = TypeVar("Result")


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with durable_cluster() as cluster:
        yield cluster


def with_database(installation: Installation, work: Callable[[Uow], Awaitable[Result]]) -> Result:
    """Run a use case as a command of the installation would."""

    async def run() -> Result:
        hasher = load_token_hasher(load_settings(installation.variables()))
        database = Database(installation.url, clock=SystemClock(), hasher=hasher, pool_size=1)
        try:
            return await database.execute(work)
        finally:
            await database.close()

    with asyncio.Runner() as runner:
        return runner.run(run())


def erased(installation: Installation) -> int:
    """Return how many transactions are counted as gone."""
    (row,) = installation.rows("SELECT coalesce((counts->>'transactions')::int, 0) AS gone FROM erasures")
    return int(row["gone"])


def wait_until_more_is_gone(installation: Installation, *, than: int) -> None:
    wait_until(lambda: erased(installation) > than, what=f"more than {than} are gone", timeout_seconds=90)


def test_workers_killed_at_several_points(own_cluster: Cluster) -> None:
    with installed(own_cluster) as installation:
        with asyncio.Runner() as runner:
            user_id = runner.run(seed(installation.url, TRANSACTIONS))

        async def ask(uow: Uow) -> RequestedErasure:
            actor = Actor(ActorKind.USER, user_id)
            return await privacy.request_erasure(uow, user_id=user_id, reason=Reason.PERSON, actor=actor)

        asked = with_database(installation, ask)
        for share in (0, 3, 6):
            worker = installation.work()
            wait_until_more_is_gone(installation, than=TRANSACTIONS * share // 10)
            worker.kill()
            gone = erased(installation)
            (left,) = installation.rows("SELECT count(*) AS number FROM transactions")
            assert 0 < gone < TRANSACTIONS
            assert left["number"] == TRANSACTIONS - gone, "what is counted is what is gone"
        installation.work()
        open_ones = "SELECT 1 FROM erasures WHERE finished_at IS NULL"
        wait_until(lambda: not installation.rows(open_ones), what="it is done", timeout_seconds=120)

        async def look(uow: Uow) -> privacy.Erasure:
            return await privacy.get_erasure(uow, erasure_id=asked.id, key=asked.key)

        done = with_database(installation, look)
        assert (done.state, done.counts["transactions"], done.counts["users"]) == (
            ErasureState.DONE,
            TRANSACTIONS,
            1,
        )
        for table in ("users", "workspaces", "memberships", "integrations", "transactions"):
            assert installation.rows(f"SELECT 1 FROM {table}") == []
        assert [line for line in installation.errors() if "job_lost" in line] == []
