"""Syncs that meet others: removal, a reading from the start, a stale worker, slices of time, slots of families."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest
import structlog

from kryptos.catalog import list_chains
from kryptos.domains import sync
from kryptos.domains.sync import SyncOvertaken
from kryptos.infra.queue import Runner, relay_events, store
from kryptos.infra.queue.store import Claimed
from kryptos.infra.settings import Settings
from kryptos.kernel.mode import Mode
from kryptos.providers.chains.evm import EvmLimits
from kryptos.surfaces.worker.jobs import handlers
from kryptos.surfaces.worker.subscriptions import SUBSCRIPTIONS
from kryptos.surfaces.worker.syncing import SyncIntegration, sync_integration
from tests.providers.evm.test_faults import raising
from tests.providers.evm.toy_chain import FRIEND, PERSON, TOKEN, Deed
from tests.providers.utxo.reading import RECEIVE, model
from tests.support.app import App
from tests.support.journey import rows
from tests.support.queue import eventually
from tests.support.workshop import settle
from tests.sync.ends import Gate, TokenChain, asks_for, lived
from tests.sync.situation import Situation, kept_of, node_alone, over_node, read_afresh, situation

RECEIPTS = asks_for("eth_getTransactionReceipt")


@pytest.fixture
def chain(monkeypatch: pytest.MonkeyPatch) -> TokenChain:
    """A chain with some history, handed over in small pages."""
    limits = EvmLimits(page_transactions=4, batch_calls=8)
    monkeypatch.setattr("kryptos.providers.chains.evm.adapter.EvmLimits", lambda: limits)
    chain = TokenChain()
    lived(chain)
    return chain


class Gated(httpx.AsyncBaseTransport):
    """The way to a node, with a gate before it."""

    def __init__(self, chain: TokenChain, gate: Gate) -> None:
        self.chain = chain
        self.gate = gate

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait, then ask."""
        await request.aread()
        await self.gate(request)
        return self.chain.handle(request)


def nth(number: int, of: Any) -> Any:
    """Return what is meant by the n-th request of a kind."""
    seen: list[httpx.Request] = []

    def is_meant(request: httpx.Request) -> bool:
        if of(request):
            seen.append(request)
        return len(seen) == number and seen[-1] is request

    return is_meant


async def is_clean(app: App, wallet_id: str) -> bool:
    """Say whether nothing is kept of a connection."""
    tables = (
        "transactions",
        "ledger_entries",
        "balances",
        "sync_cursors",
        "integration_stages",
        "integration_chains",
    )
    return not [
        each
        for table in tables
        for each in await rows(app, f"SELECT 1 FROM {table} WHERE integration_id = $1", wallet_id)
    ]


# ---------------------------------------------------------------- removal


@pytest.mark.parametrize("method", ["eth_blockNumber", "eth_getLogs", "eth_getTransactionReceipt"])
async def test_a_removal_during_a_sync_leaves_nothing(app: App, chain: TokenChain, method: str) -> None:
    gate = Gate(asks_for(method))
    its = await over_node(app, Gated(chain, gate))
    wallet_id = await its.person.connected(provider="ethereum", address=PERSON)
    work = asyncio.create_task(settle(app, its.workshop))
    await gate.reached.wait()
    assert (await its.person.remove(wallet_id)).is_success
    gate.opened.set()
    assert "sync_integration" in await work
    assert await is_clean(app, wallet_id)
    assert await rows(app, "SELECT id FROM jobs") == []
    assert (await its.person.read("holdings"))["holdings"] == []
    again = await its.connect(PERSON)
    assert await kept_of(app, again) == await read_afresh(app, chain.transport(), PERSON)


# ---------------------------------------------------------------- from the start


async def test_a_reading_from_the_start_during_a_sync_takes_over(app: App, chain: TokenChain) -> None:
    gate = Gate(nth(3, RECEIPTS))
    its = await over_node(app, Gated(chain, gate))
    wallet_id = await its.person.connected(provider="ethereum", address=PERSON)
    work = asyncio.create_task(settle(app, its.workshop))
    await gate.reached.wait()
    during = await kept_of(app, wallet_id)
    assert during["transactions"]
    assert (await its.person.resync(wallet_id, "from_start")).is_success
    gate.opened.set()
    assert (await work).count("sync_integration") == 2
    assert await kept_of(app, wallet_id) == await read_afresh(app, chain.transport(), PERSON)
    kept = await rows(
        app, "SELECT DISTINCT generation FROM transactions WHERE integration_id = $1", wallet_id
    )
    assert kept == [{"generation": 1}]
    assert (await its.status(wallet_id))["status"] == "COMPLETED"


@pytest.mark.parametrize("requests", range(1, 26, 3))
async def test_a_node_that_dies_in_a_reading_from_the_start_leaves_what_was_there(
    app: App, chain: TokenChain, requests: int
) -> None:
    """What is not on the chain any more goes only when all of it was read again."""
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    before = await kept_of(app, wallet_id)
    chain.fail_after(requests, raising(httpx.RemoteProtocolError("gone")))
    await its.resync(wallet_id, "from_start")
    found = await its.status(wallet_id)
    if found["status"] != "COMPLETED":
        assert found["code"] == "PROVIDER_UNREACHABLE"
        assert "What is shown was read on" in found["message"]
    assert await kept_of(app, wallet_id) == before
    chain.fault = lambda _: None
    await its.sync_when_due(wallet_id)
    assert await kept_of(app, wallet_id) == await read_afresh(app, chain.transport(), PERSON)


async def test_a_reading_from_the_start_takes_away_what_is_no_longer_there(
    app: App, chain: TokenChain
) -> None:
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    before = await kept_of(app, wallet_id)
    # Another history than was read, and no hash in common: the cursor is not even looked at.
    chain.drop(8)
    for number in range(9):
        chain.mine(Deed(is_by_person=False, is_token=number % 2 == 0, units=5 + number), salt=9)
    await its.resync(wallet_id, "from_start")
    after = await kept_of(app, wallet_id)
    assert after == await read_afresh(app, chain.transport(), PERSON)
    assert {each["platform_id"] for each in before["transactions"]} - {
        each["platform_id"] for each in after["transactions"]
    }


# ---------------------------------------------------------------- two workers


async def claim(app: App, worker_id: str) -> list[Claimed]:
    """Turn events into jobs, and let a worker take what it may."""
    await app.services.database.execute(partial(relay_events, subscriptions=SUBSCRIPTIONS))
    names = [SyncIntegration.name]
    return await app.services.database.execute(
        partial(store.claim, worker_id=worker_id, names=names, limit=5, lease=timedelta(minutes=1))
    )


async def test_the_next_job_of_an_account_waits_for_the_one_that_runs(app: App, chain: TokenChain) -> None:
    its = await over_node(app, chain.transport())
    wallet_id = await its.person.connected(provider="ethereum", address=PERSON)
    (mine,) = await claim(app, "worker_1")
    await its.person.resync(wallet_id)
    assert await claim(app, "worker_2") == []
    await app.services.database.execute(partial(store.finish, claimed=mine))
    (theirs,) = await claim(app, "worker_2")
    assert theirs.id != mine.id


async def test_a_worker_that_was_thought_dead_cannot_take_away_what_another_has_read(
    app: App, chain: TokenChain
) -> None:
    """Its page begins with forgetting: between two pages of the other's, that would leave a hole nobody reads again."""
    its = await over_node(app, chain.transport())
    wallet_id = await its.connect(PERSON)
    chain.drop(3)
    lived(chain, blocks=24)
    database = app.services.database
    plan = await database.execute(partial(sync.begin, integration_id=wallet_id))
    assert plan is not None
    cursor = plan.chains[0].cursor
    adapter = its.workshop.reading.registry.adapter("ethereum", mode=Mode.PRODUCTION)
    pages = [page async for page in adapter.transactions(PERSON, cursor=cursor)]
    assert pages[0].forget_above is not None
    assert len(pages) > 4
    gate = Gate(nth(6, RECEIPTS))
    other = await over_node(app, Gated(chain, gate))
    work = asyncio.create_task(sync_integration(other.workshop.reading, SyncIntegration(wallet_id)))
    await gate.reached.wait()
    between = await kept_of(app, wallet_id)
    (row,) = await rows(
        app, "SELECT max(height) AS top FROM transactions WHERE integration_id = $1", wallet_id
    )
    assert row["top"] > max(each.height or 0 for each in pages[0].transactions), "the other is ahead"
    with pytest.raises(SyncOvertaken):
        await database.execute(
            partial(sync.keep_page, plan=plan, chain_id="ethereum", page=pages[0], read_with=cursor)
        )
    assert await kept_of(app, wallet_id) == between
    gate.opened.set()
    await work
    assert await kept_of(app, wallet_id) == await read_afresh(app, chain.transport(), PERSON)


# ---------------------------------------------------------------- slices of time


def in_slices(its: Situation, seconds: int = 0) -> Situation:
    """Let every run of a sync make room after the first page that it has read."""
    reading = replace(its.workshop.reading, slice_seconds=seconds)
    return replace(its, workshop=replace(its.workshop, reading=reading))


async def test_a_long_history_is_read_in_slices_and_others_come_in_between(
    app: App, chain: TokenChain
) -> None:
    whole = await read_afresh(app, chain.transport(), PERSON)
    its = in_slices(await over_node(app, chain.transport()))
    first = await its.person.connected(provider="ethereum", address=PERSON)
    second = await its.person.connected(provider="ethereum", address=FRIEND)
    third = await its.person.connected(provider="ethereum", address=TOKEN)
    assert (await settle(app, its.workshop)).count("sync_integration") >= 9
    with structlog.testing.capture_logs() as logs:
        await its.resync(first, "from_start")
    ended = [each["event"] for each in logs if each["event"] == "sync_ended"]
    assert len(ended) == 1, "the runs of one sync end it once"
    assert await kept_of(app, first) == whole
    for each in (first, second, third):
        assert (await its.status(each))["status"] != "ONGOING"


async def test_between_two_slices_other_accounts_are_read(app: App, chain: TokenChain) -> None:
    its = in_slices(await over_node(app, chain.transport()))
    long = await its.person.connected(provider="ethereum", address=PERSON)
    (claimed,) = await claim(app, "worker_1")
    await sync_integration(its.workshop.reading, SyncIntegration(long))
    await app.services.database.execute(partial(store.finish, claimed=claimed))
    app.clock.advance(seconds=1)
    short = await its.person.connected(provider="ethereum", address=TOKEN)
    assert [each.name for each in await claim(app, "worker_1")] == ["sync_integration"] * 2
    assert (await its.status(long))["status"] == "ONGOING"
    assert await kept_of(app, long) != await kept_of(app, short)


async def test_what_providers_asked_for_in_an_earlier_slice_is_kept_to(app: App, chain: TokenChain) -> None:
    busy = httpx.MockTransport(lambda _: httpx.Response(429, headers={"retry-after": "7200"}, json={}))
    made = await situation(
        app,
        node_alone("ethereum") | node_alone("polygon", "http://busy.test"),
        {"http://node.test": chain.transport(), "http://busy.test": busy},
    )
    its = in_slices(made)
    wallet_id = await its.connect(PERSON, "metamask", chains=["polygon", "ethereum"])
    found = await its.status(wallet_id)
    assert (found["status"], found["code"]) == ("PARTIALLY SYNCED", "PROVIDER_UNREACHABLE")
    assert (await its.next_sync_at(wallet_id) - app.clock.now()).total_seconds() >= 7200
    assert (await kept_of(app, wallet_id))["entries"] == (await read_afresh(app, chain.transport(), PERSON))[
        "entries"
    ]


async def test_many_dead_chains_make_room_too(app: App, chain: TokenChain) -> None:
    """A run does not outlive its slice by asking one dead node after the other; the last run ends the sync."""
    chains = [each.id for each in list_chains() if each.family == "evm"][:12]
    dead = httpx.MockTransport(raising(httpx.ConnectError("refused")))  # type: ignore[arg-type]  # it never answers
    upstreams: dict[str, str] = {}
    for number, each in enumerate(chains):
        upstreams |= node_alone(each, f"http://dead-{number}.test")
    mounts = {f"http://dead-{number}.test": dead for number in range(len(chains))}
    its = in_slices(await situation(app, upstreams, mounts))
    wallet_id = await its.person.connected(provider="metamask", address=PERSON, chains=chains)
    assert (await settle(app, its.workshop)).count("sync_integration") >= 3
    found = await its.status(wallet_id)
    assert (found["status"], found["code"]) == ("FAILED", "PROVIDER_UNREACHABLE")
    assert [each["chains_done"] for each in found["stages"][:1]] == [len(chains)]


async def test_a_reading_from_the_start_asked_for_between_two_slices_reads_everything(
    app: App, chain: TokenChain
) -> None:
    """The job that waits to go on stands for both; it must not leave out what the slices before have done."""
    its = in_slices(
        await situation(
            app,
            node_alone("ethereum") | node_alone("base", "http://other.test"),
            {"http://node.test": chain.transport(), "http://other.test": other_chain().transport()},
        )
    )
    wallet_id = await its.person.connected(provider="metamask", address=PERSON, chains=["base", "ethereum"])
    handler = partial(sync_integration, its.workshop.reading)
    (claimed,) = await claim(app, "worker_1")
    await handler(msgspec.json.decode(claimed.payload, type=SyncIntegration))
    await app.services.database.execute(partial(store.finish, claimed=claimed))
    assert (await its.person.resync(wallet_id, "from_start")).is_success
    await settle(app, its.workshop)
    kept = await rows(app, "SELECT chain_id, generation FROM sync_cursors ORDER BY 1")
    assert kept == [{"chain_id": "base", "generation": 1}, {"chain_id": "ethereum", "generation": 1}]
    assert (await its.status(wallet_id))["status"] == "COMPLETED"


def other_chain() -> TokenChain:
    """Return a short chain of another number."""
    chain = TokenChain(number=8453)
    lived(chain, blocks=1)
    return chain


# ---------------------------------------------------------------- slots of families


async def test_a_slow_family_takes_no_more_than_half_of_the_places(app: App, chain: TokenChain) -> None:
    gate = Gate(lambda _: True)
    slow = SlowEnd(gate)
    its = await situation(
        app,
        node_alone("ethereum")
        | {"KRYPTOS_ESPLORA_BITCOIN": "http://slow.test", "KRYPTOS_BLOCKBOOK_BITCOIN": "none"},
        {"http://node.test": chain.transport(), "http://slow.test": slow},
        settings=Settings(worker_concurrency=4),
    )
    bitcoins = [await its.person.connected(provider="bitcoin", address=each) for each in RECEIVE[:6]]
    wallet_id = await its.person.connected(provider="ethereum", address=PERSON)
    runner = Runner(
        app.services.database,
        handlers(its.workshop),
        worker_id="worker_1",
        concurrency=4,
        grace_seconds=0.1,
    )
    await app.services.database.execute(partial(relay_events, subscriptions=SUBSCRIPTIONS))
    stop = asyncio.Event()
    work = asyncio.create_task(runner.run(stop))

    async def is_read() -> bool:
        return bool(
            await rows(app, "SELECT 1 FROM integrations WHERE id = $1 AND status = 'completed'", wallet_id)
        )

    try:
        await gate.reached.wait()
        await eventually(is_read, what="the account of the quick family is read")
        assert slow.waiting == 2, "half of four places"
        gate.opened.set()
        app.clock.advance(seconds=5)

        async def are_read() -> bool:
            app.clock.advance(seconds=5)
            found = await rows(app, "SELECT 1 FROM integrations WHERE status = 'completed'")
            return len(found) == len(bitcoins) + 1

        await eventually(are_read, what="all accounts are read")
    finally:
        gate.opened.set()
        stop.set()
        await work


class SlowEnd(httpx.AsyncBaseTransport):
    """A model chain behind a gate; counts who waits."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._chain = model()
        self.waiting = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait, then answer."""
        self.waiting += 1
        await self._gate(request)
        return self._chain.handle(request)
