"""Workers that are killed or stopped in the middle of a page, and a database that goes away: the result is the same."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from kryptos.domains.clients import Mode
from kryptos.infra.postgres import Cluster
from kryptos.kernel.clock import SystemClock
from tests.providers.evm.toy_chain import PERSON
from tests.support.app import App, running_app
from tests.support.clock import ManualClock
from tests.support.connecting import Person, make_client, settle_in
from tests.support.database import cloned_database
from tests.support.installation import durable_cluster, restart
from tests.support.journey import rows
from tests.support.postgres import TEMPLATE
from tests.sync.ends import Gate, TokenChain, asks_for, lived, local_end
from tests.sync.situation import kept_of, node_alone, read_afresh
from tests.sync.workers import workers

pytestmark = pytest.mark.slow

IS_FOR_RECEIPTS = asks_for("eth_getTransactionReceipt")


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A server for this file to restart."""
    with durable_cluster() as cluster:
        yield cluster


class PageGate(Gate):
    """Holds what is asked in the middle of the second page, until it is opened."""

    def __init__(self, app: App) -> None:
        super().__init__(IS_FOR_RECEIPTS)
        self._app = app

    async def __call__(self, request: httpx.Request) -> None:
        """Let a request through while the first page is not kept yet."""
        if not self.opened.is_set() and await rows(self._app, "SELECT 1 FROM transactions LIMIT 1"):
            await super().__call__(request)


def long_history() -> TokenChain:
    """Return a chain on which the person has three pages of history."""
    chain = TokenChain()
    lived(chain, blocks=60, each=4)
    return chain


async def connected(app: App) -> tuple[Person, str]:
    person = await settle_in(app, await make_client(app, mode=Mode.PRODUCTION))
    return person, await person.connected(provider="ethereum", address=PERSON)


async def assert_part_is_kept(app: App, wallet_id: str) -> None:
    """Assert that some pages are there, and not all."""
    found = await rows(app, "SELECT 1 FROM transactions WHERE integration_id = $1", wallet_id)
    assert 200 <= len(found) < 480


async def assert_whole(app: App, person: Person, wallet_id: str, chain: TokenChain) -> None:
    """Assert that an account stands as if it had been read without interruption."""
    found = await person.status(wallet_id)
    assert (found["status"], found["message"]) == ("COMPLETED", None)
    assert await kept_of(app, wallet_id) == await read_afresh(app, chain.transport(), PERSON)
    assert await rows(app, "SELECT name FROM jobs WHERE lane = $1", wallet_id) == []


async def test_a_worker_killed_in_the_middle_of_a_page(app_of_today: App) -> None:
    app, chain = app_of_today, long_history()
    gate = PageGate(app)
    person, wallet_id = await connected(app)
    async with (
        local_end(chain.handle, before=gate) as end,
        workers(app, node_alone("ethereum", end.url)) as some,
    ):
        first = some.start()
        await asyncio.wait_for(gate.reached.wait(), 60)
        await assert_part_is_kept(app, wallet_id)
        await asyncio.to_thread(first.kill)
        gate.opened.set()
        some.start()
        await some.until_all_ended()
        await assert_whole(app, person, wallet_id, chain)
        assert "job_taken_back" in some.log.read_text()


async def test_a_worker_stopped_in_the_middle_of_a_page_gives_the_job_back(app_of_today: App) -> None:
    app, chain = app_of_today, long_history()
    gate = PageGate(app)
    person, wallet_id = await connected(app)
    async with (
        local_end(chain.handle, before=gate) as end,
        workers(app, node_alone("ethereum", end.url)) as some,
    ):
        first = some.start()
        await asyncio.wait_for(gate.reached.wait(), 60)
        first.ask_to_stop()
        assert await asyncio.to_thread(first.wait) == 0
        await assert_part_is_kept(app, wallet_id)
        (job,) = await rows(app, "SELECT state, starts FROM jobs WHERE lane = $1", wallet_id)
        assert job == {"state": "waiting", "starts": 1}
        gate.opened.set()
        some.start()
        await some.until_all_ended()
        await assert_whole(app, person, wallet_id, chain)
        assert "job_taken_back" not in some.log.read_text()


async def test_a_worker_told_to_stop_finishes_a_sync_that_is_nearly_done(app_of_today: App) -> None:
    app, chain = app_of_today, long_history()
    gate = PageGate(app)
    person, wallet_id = await connected(app)
    async with (
        local_end(chain.handle, before=gate) as end,
        workers(app, node_alone("ethereum", end.url)) as some,
    ):
        first = some.start()
        await asyncio.wait_for(gate.reached.wait(), 60)
        first.ask_to_stop()
        gate.opened.set()
        assert await asyncio.to_thread(first.wait) == 0
        await assert_whole(app, person, wallet_id, chain)


@pytest.mark.parametrize("is_brief", [True, False], ids=["restart", "longer outage"])
async def test_a_database_that_goes_away_during_a_sync(own_cluster: Cluster, *, is_brief: bool) -> None:
    """It is no fault of the provider, and is not told as one."""
    chain = long_history()
    async with (
        cloned_database(own_cluster, TEMPLATE) as url,
        running_app(url, clock=ManualClock(SystemClock().now())) as app,
    ):
        person, wallet_id = await connected(app)
        gate = PageGate(app)
        async with (
            local_end(chain.handle, before=gate) as end,
            workers(app, node_alone("ethereum", end.url)) as some,
        ):
            some.start()
            await asyncio.wait_for(gate.reached.wait(), 60)
            if is_brief:
                await asyncio.to_thread(restart, own_cluster)
                gate.opened.set()
            else:
                await asyncio.to_thread(own_cluster.stop)
                gate.opened.set()
                await asyncio.sleep(6)  # longer than a step is tried
                await asyncio.to_thread(own_cluster.start)
            await some.until_all_ended()
            await assert_whole(app, person, wallet_id, chain)
            assert "stage_broke" not in some.log.read_text()
            assert "stage_failed" not in some.log.read_text()
