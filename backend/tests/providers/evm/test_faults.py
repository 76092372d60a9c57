"""Nodes that do not answer as they should: each gives its documented error, and nothing is doubled or lost."""

import contextlib
import itertools
import json
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.evm import EvmAdapter, EvmLimits
from kryptos.providers.contracts import CouldNotLook, ProviderRefused
from tests.providers.evm.reading import KeptLedger, adapter_over, chain_row, client_over
from tests.providers.evm.toy_chain import PERSON, Deed, Fault, ToyChain

GIFT = Deed(is_by_person=False, is_token=False, units=10**18)
SMALL = EvmLimits(page_transactions=2, batch_calls=4)


def toy_chain(*, blocks: int = 12) -> ToyChain:
    chain = ToyChain()
    chain.mine(GIFT)
    for number in range(blocks):
        chain.mine(
            Deed(is_by_person=True, is_token=number % 2 == 0, units=number + 1, fails=number % 5 == 4),
            Deed(is_by_person=False, is_token=number % 3 == 0, units=1000 + number),
        )
    return chain


def adapter_of(chain: ToyChain, limits: EvmLimits = SMALL) -> EvmAdapter:
    return adapter_over(chain.transport(), limits=limits)


async def in_one_go(chain: ToyChain) -> KeptLedger:
    chain.fault = lambda _: None
    return await KeptLedger().sync(adapter_of(chain), PERSON)


def raising(error: Exception) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        raise error

    return fault


def rpc_error(code: int, message: str, **data: object) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content)
        error = {"code": code, "message": message, "data": data}
        replies = [
            {"jsonrpc": "2.0", "id": call["id"], "error": error}
            for call in (sent if isinstance(sent, list) else [sent])
        ]
        return httpx.Response(200, json=replies if isinstance(sent, list) else replies[0])

    return fault


def half_a_page(request: httpx.Request) -> httpx.Response:
    sent = json.loads(request.content)
    calls = sent if isinstance(sent, list) else [sent]
    whole = json.loads(ToyChain().answer(httpx.Request("POST", "http://x", json=calls)).content)
    return httpx.Response(200, json=whole[: len(whole) // 2])


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
    "answers garbage": (
        lambda _: httpx.Response(200, content=b"<html>"),
        CouldNotLook,
        "not JSON",
        None,
    ),
    "answers half": (lambda _: httpx.Response(200, json=[]), CouldNotLook, "without an answer", None),
    "answers something else": (
        lambda _: httpx.Response(200, json="hi"),
        CouldNotLook,
        "without an answer",
        None,
    ),
    "answers with an error": (rpc_error(-32603, "internal"), CouldNotLook, "internal (-32603)", None),
    "is asked too often": (
        lambda _: httpx.Response(429, headers={"retry-after": "77"}, json={}),
        CouldNotLook,
        "asked too often",
        77,
    ),
    "is busy in JSON": (
        rpc_error(-32005, "rate limited", rate={"backoff_seconds": 30}),
        CouldNotLook,
        "rate limited",
        30,
    ),
    "refuses the key": (lambda _: httpx.Response(401, json={}), ProviderRefused, "HTTP 401", None),
    "is broken": (
        lambda _: httpx.Response(502, content=b"bad gateway"),
        CouldNotLook,
        "HTTP 502",
        None,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("stage", ["balances", "transactions", "has_activity"])
async def test_each_fault_has_its_error(name: str, stage: str) -> None:
    fault, kind, text, wait = FAULTS[name]
    chain = toy_chain()
    chain.fault = fault
    adapter = adapter_of(chain)
    stages: dict[str, Callable[[], object]] = {
        "balances": lambda: adapter.balances(PERSON),
        "transactions": lambda: KeptLedger().sync(adapter, PERSON),
        "has_activity": lambda: adapter.has_activity(PERSON),
    }
    with pytest.raises(CouldNotLook) as caught:
        await stages[stage]()  # type: ignore[misc]
    assert type(caught.value).code == kind.code
    assert text in caught.value.message
    assert "127.0.0.1" in caught.value.message
    assert caught.value.retry_after_seconds == wait


async def test_node_of_another_chain_is_not_believed() -> None:
    chain = toy_chain()
    chain.number = 56
    with pytest.raises(ProviderRefused, match="serves chain 56, not Testchain"):
        await adapter_of(chain).has_activity(PERSON)


async def test_no_node_at_all() -> None:
    adapter = adapter_over(httpx.MockTransport(lambda _: httpx.Response(500)), nodes=0)
    with pytest.raises(CouldNotLook, match="No node of Testchain is known"):
        await adapter.has_activity(PERSON)


@pytest.mark.parametrize("name", FAULTS)
async def test_fault_in_the_middle_loses_and_doubles_nothing(name: str) -> None:
    chain = toy_chain()
    whole = await in_one_go(chain)
    for good_requests in range(1, 40, 3):
        kept = KeptLedger()
        chain.fail_after(good_requests, FAULTS[name][0])
        try:
            await kept.sync(adapter_of(chain), PERSON)
        except CouldNotLook:
            assert not kept.is_complete
        chain.fault = lambda _: None
        await kept.sync(adapter_of(chain), PERSON)
        assert kept.transactions == whole.transactions
        assert kept.gaps == []


async def test_second_node_stands_in() -> None:
    good, dead, foreign = toy_chain(), ToyChain(), toy_chain()
    dead.fault = raising(httpx.ConnectError("refused"))
    foreign.number = 5
    nodes = {"dead": dead, "foreign": foreign, "good": good}

    def route(request: httpx.Request) -> httpx.Response:
        return nodes[request.url.host].handle(request)

    upstreams = [
        Upstream(name=name, base_url=f"http://{name}/", requests_per_window=10_000) for name in nodes
    ]
    adapter = EvmAdapter(
        chain_row(), http=client_over(httpx.MockTransport(route)), nodes=upstreams, limits=SMALL
    )
    kept = await KeptLedger().sync(adapter, PERSON)
    assert kept.transactions == (await in_one_go(good)).transactions
    assert foreign.requests == 1
    assert dead.requests == 3


async def test_node_that_takes_few_calls_at_once() -> None:
    chain = toy_chain()
    whole = await in_one_go(chain)
    largest = []

    def few(request: httpx.Request) -> httpx.Response | None:
        sent = json.loads(request.content)
        if isinstance(sent, list) and len(sent) > 3:
            return httpx.Response(
                200,
                json={"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "batch too large"}},
            )
        largest.append(len(sent) if isinstance(sent, list) else 1)
        return None

    chain.fault = few
    kept = await KeptLedger().sync(adapter_of(chain, EvmLimits(batch_calls=40)), PERSON)
    assert kept.transactions == whole.transactions
    assert max(largest) <= 3


async def test_range_is_halved_when_there_are_too_many_results() -> None:
    chain = toy_chain(blocks=40)
    whole = await in_one_go(chain)

    def dense(request: httpx.Request) -> httpx.Response | None:
        sent = json.loads(request.content)
        calls = sent if isinstance(sent, list) else [sent]
        ranges = [call["params"][0] for call in calls if call["method"] == "eth_getLogs"]
        if any(int(each["toBlock"], 16) - int(each["fromBlock"], 16) > 4 for each in ranges):
            return rpc_error(-32005, "query returned more than 10000 results")(request)
        return None

    chain.fault = dense
    kept = await KeptLedger().sync(adapter_of(chain, EvmLimits()), PERSON)
    assert kept.transactions == whole.transactions
    assert kept.gaps == []


async def test_busy_calls_alone_are_asked_again() -> None:
    chain = toy_chain()
    whole = await in_one_go(chain)
    turns = itertools.count()

    def sometimes(request: httpx.Request) -> httpx.Response | None:
        if next(turns) % 2:
            return None
        sent = json.loads(request.content)
        if not isinstance(sent, list):
            return None
        answer = json.loads(chain.answer(request).content)
        answer[0] = {
            "jsonrpc": "2.0",
            "id": answer[0]["id"],
            "error": {"code": 429, "message": "compute units exceeded"},
        }
        return httpx.Response(200, json=answer)

    chain.fault = sometimes
    kept = await KeptLedger().sync(adapter_of(chain, EvmLimits(batch_calls=10)), PERSON)
    assert kept.transactions == whole.transactions


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "0x12"},
        {"number": "latest"},
        {"timestamp": None},
        {"transactions": [{"hash": 1}]},
        {"number": "0xffff"},
    ],
)
async def test_block_of_another_form_is_refused(change: dict[str, object]) -> None:
    chain = toy_chain()

    def spoil(request: httpx.Request) -> httpx.Response | None:
        sent = json.loads(request.content)
        answer = json.loads(chain.answer(request).content)
        for call, item in zip(
            *((each if isinstance(each, list) else [each]) for each in (sent, answer)), strict=True
        ):
            if call["method"] == "eth_getBlockByNumber" and call["params"][1]:
                item["result"] |= change
        return httpx.Response(200, json=answer)

    chain.fault = spoil
    with pytest.raises(CouldNotLook):
        await KeptLedger().sync(adapter_of(chain), PERSON)


deeds = st.builds(
    Deed,
    is_by_person=st.booleans(),
    is_token=st.booleans(),
    units=st.integers(0, 10**6),
    fails=st.booleans(),
)
blocks = st.lists(st.lists(deeds, max_size=3), max_size=12)
steps = st.lists(st.tuples(st.integers(0, 6), blocks, st.integers(1, 60)), min_size=1, max_size=5)


@settings(max_examples=60)
@given(steps)
async def test_any_life_with_any_reorganisations_and_breaks_equals_one_read(
    story: list[tuple[int, list[list[Deed]], int]],
) -> None:
    """However a sync breaks off and a chain changes: the end is what one read of the last chain gives."""
    chain = ToyChain()
    chain.mine(GIFT)
    kept = KeptLedger()
    for salt, (depth, fresh, good_requests) in enumerate(story):
        chain.drop(min(depth, len(chain.blocks) - 2))
        for block in fresh:
            chain.mine(*block, salt=salt)
        chain.fail_after(good_requests, lambda _: httpx.Response(401))
        with contextlib.suppress(CouldNotLook):
            await kept.sync(adapter_of(chain), PERSON)
    for _ in range(11):  # a chain that became shorter looks like a lagging node until it has grown again
        chain.mine(salt=99)
    chain.fault = lambda _: None
    await kept.sync(adapter_of(chain), PERSON)
    whole = await in_one_go(chain)
    assert kept.transactions == whole.transactions
    held = chain.native_of(PERSON, len(chain.blocks) - 1)
    sums = kept.sums()
    assert sums.get("native") is not None
    assert int(sums["native"].decimal.scaleb(18)) == held
