"""Nodes that do not answer as they should: each gives its documented error, and nothing is doubled or lost."""

import itertools
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest

from kryptos.providers.chains.solana import SolanaAdapter, SolanaLimits
from kryptos.providers.contracts import CouldNotLook, ProviderRefused
from tests.providers.solana.cluster import Cluster
from tests.providers.solana.node import Fault, Node
from tests.providers.solana.reading import SMALL, KeptLedger, adapter_of, in_coins
from tests.providers.solana.story import Story


def raising(error: Exception) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        raise error

    return fault


def calls_of(request: httpx.Request) -> list[dict[str, Any]]:
    sent = json.loads(request.content)
    return sent if isinstance(sent, list) else [sent]


def rpc_error(code: int, message: str) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        error = {"code": code, "message": message}
        replies = [{"jsonrpc": "2.0", "id": call["id"], "error": error} for call in calls_of(request)]
        return httpx.Response(200, json=replies if request.content.startswith(b"[") else replies[0])

    return fault


def half_of_it(request: httpx.Request) -> httpx.Response:
    whole = json.loads(Node(Cluster()).answer(request).content)
    return httpx.Response(200, json=whole[: len(whole) // 2] if isinstance(whole, list) else [])


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
    "answers nothing": (lambda _: httpx.Response(200, json=[]), CouldNotLook, "without an answer", None),
    "answers half": (half_of_it, CouldNotLook, "without an answer", None),
    "answers something else": (
        lambda _: httpx.Response(200, json="hi"),
        CouldNotLook,
        "without an answer",
        None,
    ),
    "answers with an error": (rpc_error(-32603, "internal"), CouldNotLook, "internal (-32603)", None),
    "quotes its address": (
        rpc_error(-32000, "see https://node-0/secret-key for more"),
        CouldNotLook,
        "see [address] for more",
        None,
    ),
    "is asked too often": (
        lambda _: httpx.Response(429, headers={"retry-after": "77"}, json={}),
        CouldNotLook,
        "asked too often",
        77,
    ),
    "is asked too often, in JSON": (
        rpc_error(429, "Too many requests for a specific RPC call"),
        CouldNotLook,
        "Too many requests",
        None,
    ),
    "is behind": (
        rpc_error(-32005, "Node is behind by 42 slots"),
        CouldNotLook,
        "behind by 42 slots (-32005)",
        None,
    ),
    "keeps no history": (
        rpc_error(-32011, "Transaction history is not available from this node"),
        CouldNotLook,
        "not available from this node",
        None,
    ),
    "refuses the key": (lambda _: httpx.Response(401, json={}), ProviderRefused, "HTTP 401", None),
    "is broken": (lambda _: httpx.Response(502, content=b"bad gateway"), CouldNotLook, "HTTP 502", None),
}


STAGES: dict[str, Callable[[SolanaAdapter, str], Awaitable[object]]] = {
    "balances": lambda adapter, address: adapter.balances(address),
    "transactions": lambda adapter, address: KeptLedger().sync(adapter, address),
    "has_activity": lambda adapter, address: adapter.has_activity(address),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("stage", STAGES)
async def test_each_fault_has_its_error(story: Story, node: Node, name: str, stage: str) -> None:
    fault, kind, text, wait = FAULTS[name]
    node.fault = fault
    with pytest.raises(CouldNotLook) as caught:
        await STAGES[stage](adapter_of(node), story.address)
    assert type(caught.value).code == kind.code
    assert text in caught.value.message
    assert "Solana node-0 (node-0)" in caught.value.message
    assert "secret-key" not in caught.value.message
    assert caught.value.retry_after_seconds == wait


@pytest.mark.parametrize("name", FAULTS)
async def test_fault_in_the_middle_loses_and_doubles_nothing(story: Story, name: str) -> None:
    whole = await KeptLedger().sync(adapter_of(Node(story.cluster)), story.address)
    for good_requests in range(1, 60, 4):
        node, kept = Node(story.cluster), KeptLedger()
        node.fail_after(good_requests, FAULTS[name][0])
        try:
            await kept.sync(adapter_of(node, limits=SMALL), story.address)
        except CouldNotLook:
            assert not kept.is_complete
        node.fault = lambda _: None
        await kept.sync(adapter_of(node, limits=SMALL), story.address)
        assert kept.transactions == whole.transactions
        assert kept.sums() == in_coins(story.truth(node.slot), node)


async def test_stake_search_that_fails_is_no_empty_answer(story: Story, node: Node) -> None:
    """A refusal is a gap; a node that cannot be reached, is busy or answers garbage is a failure."""
    broken: dict[str, dict[str, object]] = {
        "busy": {"error": {"code": 429, "message": "rate limited"}},
        "garbage": {"result": {"value": 1}},
    }
    for answer in broken.values():
        node.interfere = lambda call, answer=answer: (
            answer if call["method"] == "getProgramAccounts" else None
        )  # type: ignore[misc]
        with pytest.raises(CouldNotLook):
            await adapter_of(node).balances(story.address)
        with pytest.raises(CouldNotLook):
            await KeptLedger().sync(adapter_of(node), story.address)


# ---------------------------------------------------------------- which cluster, which node


@pytest.mark.parametrize("stage", STAGES)
async def test_node_of_another_cluster_is_not_believed(story: Story, node: Node, stage: str) -> None:
    node.genesis = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"
    with pytest.raises(ProviderRefused, match=r"serves another cluster \(genesis EtWTRABZ…\), not Solana"):
        await STAGES[stage](adapter_of(node), story.address)


async def test_cluster_is_asked_for_once(story: Story, node: Node) -> None:
    adapter = adapter_of(node, limits=SMALL)
    await adapter.has_activity(story.address)
    await adapter.balances(story.address)
    await KeptLedger().sync(adapter, story.address)
    assert node.calls["getGenesisHash"] == 1


async def test_node_that_does_not_tell_its_cluster_is_believed(story: Story, node: Node) -> None:
    node.interfere = lambda call: (
        {"error": {"code": -32601, "message": "method not allowed"}}
        if call["method"] == "getGenesisHash"
        else None
    )
    assert await adapter_of(node).has_activity(story.address)


async def test_no_node_at_all(story: Story) -> None:
    with pytest.raises(CouldNotLook, match="No node of Solana is known"):
        await adapter_of().has_activity(story.address)


async def test_other_nodes_stand_in(story: Story) -> None:
    dead, foreign, forgetful, good = (Node(story.cluster) for _ in range(4))
    dead.fault = raising(httpx.ConnectError("refused"))
    foreign.genesis = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"
    forgetful.fault = FAULTS["keeps no history"][0]
    kept = await KeptLedger().sync(adapter_of(dead, foreign, forgetful, good, limits=SMALL), story.address)
    assert (
        kept.transactions
        == (await KeptLedger().sync(adapter_of(good, limits=SMALL), story.address)).transactions
    )
    assert (dead.requests, foreign.requests, forgetful.requests) == (3, 1, 1)
    assert kept.gaps == []


async def test_lists_of_two_nodes_do_not_make_one(story: Story) -> None:
    first, second = Node(story.cluster, most_rows=2), Node(story.cluster)
    first.fail_after(6, raising(httpx.ConnectError("gone")))
    adapter = adapter_of(first, second, limits=SMALL)
    with pytest.raises(CouldNotLook, match="had to stand in while lists of another node were read") as caught:
        await KeptLedger().sync(adapter, story.address)
    assert caught.value.retry_after_seconds == 15
    assert (await KeptLedger().sync(adapter, story.address)).gaps == []


async def test_node_that_lags_behind_the_one_before_says_so(story: Story) -> None:
    """Behind one address there may be many nodes: what the newest one promised, a slower one must not cut short."""
    node = Node(story.cluster)
    slower = Node(story.cluster, top=story.cluster.slot - 5)
    node.fault = lambda request: slower.answer(request) if node.requests > 3 else None
    with pytest.raises(CouldNotLook, match="Minimum context slot has not been reached"):
        await KeptLedger().sync(adapter_of(node), story.address)


async def test_node_that_takes_few_calls_at_once(story: Story, node: Node) -> None:
    whole = await KeptLedger().sync(adapter_of(Node(story.cluster)), story.address)
    largest: list[int] = []

    def few(request: httpx.Request) -> httpx.Response | None:
        calls = calls_of(request)
        if len(calls) > 3:
            error = {"code": -32600, "message": "batch too large"}
            return httpx.Response(413, json={"jsonrpc": "2.0", "id": None, "error": error})
        largest.append(len(calls))
        return None

    node.fault = few
    kept = await KeptLedger().sync(adapter_of(node, limits=SolanaLimits(settled_slots=0)), story.address)
    assert kept.transactions == whole.transactions
    assert max(largest) <= 3


async def test_busy_calls_alone_are_asked_again(story: Story, node: Node) -> None:
    whole = await KeptLedger().sync(adapter_of(Node(story.cluster)), story.address)
    turns = itertools.count()

    def sometimes(call: Mapping[str, Any]) -> dict[str, object] | None:
        is_busy = call["method"] == "getTransaction" and next(turns) % 3 == 0
        return {"error": {"code": -32429, "message": "credits"}} if is_busy else None

    node.interfere = sometimes
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    assert kept.transactions == whole.transactions
    asked = node.calls["getTransaction"]
    assert asked < 2 * len(story.cluster.entries)
