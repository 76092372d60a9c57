"""Servers that do not answer as they should: each gives its documented error, and nothing is doubled or lost."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo import UtxoAdapter
from kryptos.providers.contracts import CouldNotLook, ProviderRefused
from tests.providers.evm.reading import client_over
from tests.providers.utxo.model_chain import Deed, Fault, ModelChain
from tests.providers.utxo.reading import (
    KINDS,
    RECEIVE,
    SMALL,
    ZPUB,
    KeptLedger,
    Kind,
    adapter_of,
    bitcoin,
    model,
)


def lively(*, blocks: int = 12, speaks: Kind = "esplora") -> ModelChain:
    chain = model(speaks=speaks)
    for number in range(blocks):
        kind = "pay" if number % 3 == 2 else "receive"
        chain.mine(Deed(kind, RECEIVE[number % 4], 100 + number))
    return chain


def raising(error: Exception) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        raise error

    return fault


FAULTS: dict[str, tuple[Fault, type[CouldNotLook], str, int | None]] = {
    "refuses connections": (
        raising(httpx.ConnectError("refused")),
        CouldNotLook,
        "could not be reached",
        None,
    ),
    "times out": (raising(httpx.ReadTimeout("late")), CouldNotLook, "did not answer within 10 s", None),
    "dies in the middle": (
        raising(httpx.RemoteProtocolError("gone")),
        CouldNotLook,
        "could not be reached",
        None,
    ),
    "answers garbage": (lambda _: httpx.Response(200, content=b"<html>"), CouldNotLook, "not JSON", None),
    "answers something else": (
        lambda _: httpx.Response(200, json={"hi": 1}),
        CouldNotLook,
        "another form",
        None,
    ),
    "is asked too often": (
        lambda _: httpx.Response(429, headers={"retry-after": "77"}, json={}),
        CouldNotLook,
        "asked too often",
        77,
    ),
    "refuses the key": (lambda _: httpx.Response(401, json={}), ProviderRefused, "HTTP 401", None),
    "is broken": (lambda _: httpx.Response(502, content=b"bad gateway"), CouldNotLook, "HTTP 502", None),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("stage", ["balances", "transactions", "has_activity"])
@pytest.mark.parametrize("speaks", KINDS)
async def test_each_fault_has_its_error(name: str, stage: str, speaks: Kind) -> None:
    fault, kind, text, wait = FAULTS[name]
    chain = lively(speaks=speaks)
    chain.fault = fault
    adapter = adapter_of(chain)
    stages: dict[str, Callable[[], Awaitable[object]]] = {
        "balances": lambda: adapter.balances(ZPUB),
        "transactions": lambda: KeptLedger().sync(adapter),
        "has_activity": lambda: adapter.has_activity(ZPUB),
    }
    with pytest.raises(CouldNotLook) as caught:
        await stages[stage]()
    assert type(caught.value).code == kind.code
    assert text in caught.value.message
    assert "127.0.0.1" in caught.value.message
    assert caught.value.retry_after_seconds == wait


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("speaks", KINDS)
async def test_fault_in_the_middle_loses_and_doubles_nothing(name: str, speaks: Kind) -> None:
    chain = lively(speaks=speaks)
    whole = await KeptLedger().sync(adapter_of(chain))
    for good_requests in range(0, 30, 2):
        kept = KeptLedger()
        chain.fail_after(good_requests, FAULTS[name][0])
        try:
            await kept.sync(adapter_of(chain))
        except CouldNotLook:
            assert not kept.is_complete
        chain.fault = lambda _: None
        await kept.sync(adapter_of(chain))
        assert kept.transactions == whole.transactions


@pytest.mark.parametrize("speaks", KINDS)
async def test_server_of_another_chain_is_not_believed(speaks: Kind) -> None:
    chain = replace(model(speaks=speaks), genesis="12" * 32, blocks=[])
    with pytest.raises(ProviderRefused, match="does not serve Bitcoin"):
        await adapter_of(chain).has_activity(ZPUB)


async def test_no_server_at_all() -> None:
    adapter = UtxoAdapter(bitcoin(), http=client_over(model().transport()), servers=[])
    with pytest.raises(CouldNotLook, match="No server of Bitcoin is known"):
        await adapter.balances(ZPUB)


def over_three() -> tuple[UtxoAdapter, dict[str, ModelChain]]:
    chains = {
        "dead": model(),
        "foreign": ModelChain(own=frozenset(), genesis="12" * 32),
        "good": lively(),
    }
    chains["dead"].fault = raising(httpx.ConnectError("refused"))
    upstreams = [
        Upstream(name=name, base_url=f"http://{name}/api", requests_per_window=10_000) for name in chains
    ]

    def route(request: httpx.Request) -> httpx.Response:
        plain = httpx.Request("GET", str(request.url).replace("/api", ""))
        return chains[request.url.host].handle(plain)

    transport = httpx.MockTransport(route)
    return UtxoAdapter(bitcoin(), http=client_over(transport), servers=upstreams, limits=SMALL), chains


async def test_another_server_stands_in() -> None:
    adapter, chains = over_three()
    kept = await KeptLedger().sync(adapter)
    assert kept.transactions == (await KeptLedger().sync(adapter_of(lively()))).transactions
    assert chains["foreign"].requests == ["/blocks/0"]


async def test_two_servers_do_not_make_one_read() -> None:
    """What one says of some addresses and another of the rest need not fit: the next sync reads from one alone."""
    adapter, chains = over_three()
    await adapter.has_activity(ZPUB)
    chains["dead"], good = lively(), chains["good"]
    good.fail_after(5, raising(httpx.ConnectError("gone")))
    with pytest.raises(CouldNotLook, match="changed while they were read"):
        await KeptLedger().sync(adapter)
    assert (await KeptLedger().sync(adapter)).is_complete


@pytest.mark.parametrize("speaks", KINDS)
async def test_block_that_comes_while_balances_are_read(speaks: Kind) -> None:
    chain = lively(speaks=speaks)

    def grow(request: httpx.Request) -> None:
        if len(chain.requests) == 6:
            chain.mine(Deed("receive", RECEIVE[0], 5))

    chain.fault = grow
    with pytest.raises(CouldNotLook, match="changed while they were read") as caught:
        await adapter_of(chain).balances(ZPUB)
    assert caught.value.retry_after_seconds == 15


@pytest.mark.parametrize("speaks", KINDS)
async def test_block_that_comes_while_history_is_read_is_left_for_the_next_time(speaks: Kind) -> None:
    chain = lively(speaks=speaks)

    def grow(request: httpx.Request) -> None:
        if len(chain.requests) == 6:
            chain.mine(Deed("receive", RECEIVE[3], 5), Deed("receive", RECEIVE[0], 6))

    chain.fault = grow
    kept = await KeptLedger().sync(adapter_of(chain))
    assert max(each.height or 0 for each in kept.transactions.values()) == 12
    await kept.sync(adapter_of(chain))
    assert kept.transactions == (await KeptLedger().sync(adapter_of(chain))).transactions


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("speaks", KINDS)
async def test_chain_that_changes_under_the_read_is_not_kept(depth: int, speaks: Kind) -> None:
    for at in range(3, 25):
        chain = lively(speaks=speaks)

        def change(request: httpx.Request, chain: ModelChain = chain, at: int = at) -> None:
            if len(chain.requests) == at:
                chain.drop(depth)
                for _ in range(depth + 1):
                    chain.mine(Deed("receive", RECEIVE[0], 9), salt=1)

        chain.fault = change
        kept = KeptLedger()
        try:
            await kept.sync(adapter_of(chain))
        except CouldNotLook:
            assert kept.pages == 0
        chain.fault = lambda _: None
        await kept.sync(adapter_of(chain))
        assert kept.transactions == (await KeptLedger().sync(adapter_of(chain))).transactions


@pytest.mark.parametrize("speaks", KINDS)
async def test_server_far_behind_does_not_make_history_forgotten(speaks: Kind) -> None:
    chain = lively(blocks=60, speaks=speaks)
    kept = await KeptLedger().sync(adapter_of(chain))
    before = dict(kept.transactions)
    chain.drop(2)
    await kept.sync(adapter_of(chain))  # a little behind: nothing new
    assert kept.transactions == before
    chain.drop(50)
    with pytest.raises(CouldNotLook, match="far behind"):
        await kept.sync(adapter_of(chain))
    assert kept.transactions == before


Spoiled = Callable[[list[dict[str, object]]], object]
SPOILED: dict[str, Spoiled] = {
    "twice the same": lambda page: page + page,
    "oldest first": lambda page: page[::-1],
    "not in a block": lambda page: [page[0] | {"status": {"confirmed": False}}],
    "no time": lambda page: [
        page[0] | {"status": {"confirmed": True, "block_height": 1, "block_hash": "00" * 32}}
    ],
    "pays out more than it spends": lambda page: [page[0] | {"vin": []}],
    "negative": lambda page: [page[0] | {"vout": [{"value": -1}]}],
    "a fraction": lambda page: [page[0] | {"vout": [{"value": 1.5}]}],
    "no list": lambda page: {"error": len(page)},
}


@pytest.mark.parametrize("name", SPOILED)
async def test_page_that_cannot_be_is_refused(name: str) -> None:
    chain = lively()

    def spoil(request: httpx.Request) -> httpx.Response | None:
        answer = chain.answer(request)
        if "/txs/chain" not in request.url.path or len(answer.json()) < 2:
            return None
        return httpx.Response(200, json=SPOILED[name](answer.json()))

    chain.fault = spoil
    with pytest.raises(CouldNotLook):
        await KeptLedger().sync(adapter_of(chain))


async def test_server_that_ignores_where_to_go_on_is_refused() -> None:
    chain = lively()

    def stuck(request: httpx.Request) -> httpx.Response | None:
        path = request.url.path
        return chain.answer(httpx.Request("GET", f"http://x{path.partition('/chain')[0]}/chain"))

    chain.fault = lambda request: stuck(request) if "/txs/chain/" in request.url.path else None
    with pytest.raises(CouldNotLook, match="newest to oldest"):
        await KeptLedger().sync(adapter_of(chain))
