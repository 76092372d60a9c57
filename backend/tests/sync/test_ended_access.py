"""Access that ends while a worker process reads: it stops in the middle, and goes on from there when access is back."""

import asyncio

import pytest

from kryptos.domains.clients import Mode
from tests.providers.evm.toy_chain import PERSON
from tests.support.app import App
from tests.support.connecting import make_client, settle_in
from tests.support.journey import rows
from tests.support.queue import eventually
from tests.sync.ends import Gate, TokenChain, asks_for, lived, local_end
from tests.sync.situation import kept_of, node_alone, read_afresh
from tests.sync.workers import workers

pytestmark = pytest.mark.slow

EMAIL = "ada@example.com"


async def test_a_worker_that_reads_stops_when_the_last_access_ends_and_goes_on_when_it_is_back(
    app_of_today: App,
) -> None:
    app, chain = app_of_today, TokenChain()
    lived(chain, blocks=60, each=4)  # three pages of history
    gate = Gate(asks_for("eth_getTransactionReceipt"))
    client = await make_client(app, mode=Mode.PRODUCTION)
    person = await settle_in(app, client, email=EMAIL)
    wallet_id = await person.connected(provider="ethereum", address=PERSON)
    async with (
        local_end(chain.handle, before=gate) as end,
        workers(app, node_alone("ethereum", end.url)) as some,
    ):
        some.start()
        await asyncio.wait_for(gate.reached.wait(), 60)
        assert (await app.post("/token/revoke", {"grant_id": person.grant_id}, client)).is_success
        gate.opened.set()
        await eventually(lambda: is_idle(app, wallet_id), what="the sync has stopped", timeout_seconds=30)
        assert "sync_overtaken" in some.log.read_text()
        (stopped,) = await rows(app, "SELECT status, next_sync_at, paused_at FROM integrations")
        assert stopped["paused_at"] is not None
        assert (stopped["status"], stopped["next_sync_at"]) == ("partially_synced", None)
        assert await rows(app, "SELECT 1 FROM transactions") == []

        again = await settle_in(app, client, email=EMAIL)
        await some.until_all_ended()
        found = await again.status(wallet_id)
        assert (found["status"], found["message"]) == ("COMPLETED", None)
        assert await kept_of(app, wallet_id) == await read_afresh(app, chain.transport(), PERSON)


async def is_idle(app: App, wallet_id: str) -> bool:
    """Whether nothing waits or runs for an account."""
    return not await rows(app, "SELECT 1 FROM jobs WHERE lane = $1", wallet_id)
