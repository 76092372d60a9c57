"""Indexers that do not answer as they should: others stand in, nothing is doubled or lost, no key is shown.

Contract only: the faults are those that their pages and their users tell of.
"""

import contextlib

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kryptos.providers.chains.evm import IndexerKind
from kryptos.providers.chains.evm.indexer import IndexerApi, IndexerFailed
from kryptos.providers.contracts import CouldNotLook, ProviderRefused
from tests.providers.evm.indexed_reading import GIFT, SMALL, WHOLE, adapter_of, held, read, toy_chain
from tests.providers.evm.reading import KeptLedger, adapter_over, client_over
from tests.providers.evm.toy_chain import PERSON, Deed, Fault, ToyChain
from tests.providers.evm.toy_indexer import KEY, ToyIndexer, route, said


def raising(error: Exception) -> Fault:
    def fault(request: httpx.Request) -> httpx.Response:
        raise error

    return fault


FAULTS: dict[str, tuple[Fault, str]] = {
    "refuses connections": (raising(httpx.ConnectError(f"http://x/?apikey={KEY}")), "could not be reached"),
    "times out": (raising(httpx.ReadTimeout("late")), "did not answer within 10 s"),
    "answers garbage": (lambda _: httpx.Response(200, content=b"<html>"), "not JSON"),
    "answers something else": (lambda _: httpx.Response(200, json=[1]), "another form"),
    "answers numbers": (lambda _: said([{"blockNumber": 5, "hash": "0x1"}], status="1"), "cannot be used"),
    "answers no rows": (lambda _: said("a text", status="1"), "cannot be used"),
    "answers other blocks": (
        lambda _: said([{"blockNumber": "999999", "hash": "0x1"}], status="1"),
        "cannot be used",
    ),
    "is broken": (lambda _: httpx.Response(502), "HTTP 502"),
    "is asked too often": (lambda _: httpx.Response(429), "asked too often"),
    "is busy": (lambda _: said("Max calls per sec rate limit reached (3/sec)"), "is busy"),
    "has not finished": (
        lambda _: said(
            [],
            status="2",
            message="Some internal transactions within this block range have not yet been processed",
        ),
        "is busy: Some internal transactions",
    ),
    "does not know the key": (lambda _: said(f"Invalid API Key (#err2)|{KEY}|"), "refused: Invalid API Key"),
    "refuses the key": (lambda _: httpx.Response(403), "HTTP 403"),
    "does not have the chain": (
        lambda _: said("Free API access is not supported for this chain. Please upgrade your api plan"),
        "refused: Free API access is not supported for this chain",
    ),
    "has no such action": (lambda _: said("Error! Missing Or invalid Action name"), "answered with an error"),
    "quotes itself": (lambda _: said(f"see https://etherscan/v2/api?apikey={KEY}"), "[address]"),
    "has too much": (
        lambda _: said(None, message="Result window is too large"),
        "Result window is too large",
    ),
    "speaks of errors": (
        lambda _: httpx.Response(200, json={"error": {"code": -32601, "message": f"no {KEY}"}}),
        "cannot be used",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
async def test_node_stands_in_and_says_why(name: str, after: int) -> None:
    fault, text = FAULTS[name]
    chain = toy_chain(inner=(3,))
    indexer = ToyIndexer(chain)
    indexer.fail_after(after, fault)
    kept = await read(chain, indexer)
    alone = await read(chain)
    assert kept.transactions == alone.transactions
    assert len(kept.gaps) == 1
    assert "None could be asked: Toy etherscan (etherscan)" in kept.gaps[0]
    if after > 1:
        assert text in kept.gaps[0] or name == "speaks of errors"
    assert KEY not in "".join([*kept.gaps, kept.cursor or ""])


@pytest.mark.parametrize("name", FAULTS)
async def test_next_indexer_stands_in(name: str) -> None:
    chain = toy_chain(inner=(3,))
    for after in range(5):
        first = ToyIndexer(chain)
        first.fail_after(after, FAULTS[name][0])
        second = ToyIndexer(chain, IndexerKind.BLOCKSCOUT)
        kept = await read(chain, second, first)  # Etherscan's kind is asked first all the same
        assert first.requests > after
        assert kept.transactions == (await read(chain, ToyIndexer(chain))).transactions
        assert kept.gaps == []


async def test_busy_indexer_is_asked_again() -> None:
    chain = toy_chain(inner=(3,))
    indexer = ToyIndexer(chain)
    indexer.fault = lambda _: (
        said("Max rate limit reached, please use API Key for higher rate limit")
        if indexer.requests % 3
        else None
    )
    kept = await read(chain, indexer)
    assert kept.gaps == []
    assert kept.sums()["native"] == held(chain)


@pytest.mark.parametrize(
    ("name", "kind", "requests"),
    [
        ("is busy", CouldNotLook, 3),
        ("has not finished", CouldNotLook, 3),
        ("does not know the key", ProviderRefused, 1),
        ("refuses the key", ProviderRefused, 1),
        ("does not have the chain", ProviderRefused, 1),
        ("has no such action", CouldNotLook, 1),
        ("has too much", CouldNotLook, 1),
    ],
)
async def test_each_fault_has_its_error(name: str, kind: type[CouldNotLook], requests: int) -> None:
    indexer = ToyIndexer(toy_chain())
    indexer.fault = FAULTS[name][0]
    api = IndexerApi(client_over(route(indexer.chain, indexer)), indexer.indexer, chain_number=1)
    with pytest.raises(IndexerFailed) as caught:
        await api.newest_block()
    assert type(caught.value.failure) is kind
    assert KEY not in f"{caught.value} {caught.value.failure!r} {api!r}"
    assert indexer.requests == requests


async def test_fault_that_passes_leaves_no_hole() -> None:
    chain = toy_chain(inner=(3,))
    indexer = ToyIndexer(chain)
    indexer.fault = FAULTS["is busy"][0]
    kept = await read(chain, indexer)
    assert kept.gaps
    indexer.fault = lambda _: None
    chain.mine(GIFT)
    await kept.sync(adapter_of(chain, indexer), PERSON)
    assert kept.transactions == (await read(chain, ToyIndexer(chain))).transactions
    assert kept.gaps == []
    assert kept.sums()["native"] == held(chain)


async def test_no_error_of_the_node_shows_a_key() -> None:
    chain = toy_chain()
    chain.fault = lambda _: httpx.Response(401)
    with pytest.raises(CouldNotLook) as caught:
        await read(chain, ToyIndexer(chain))
    assert KEY not in f"{caught.value!r} {caught.value.message}"


@pytest.mark.parametrize("base", ["http://[", "no url", "http://etherscan:port/v2/api?apikey=" + KEY])
async def test_address_that_is_none_is_told_without_the_key(base: str) -> None:
    chain = toy_chain(inner=(3,))
    indexer = ToyIndexer(chain)
    upstream = indexer.upstream
    object.__setattr__(upstream, "base_url", base)
    adapter = adapter_over(
        route(chain), "http://node/", limits=SMALL, indexers=[type(indexer.indexer)(indexer.kind, upstream)]
    )
    kept = await KeptLedger().sync(adapter, PERSON)
    assert "None could be asked: " in kept.gaps[0]
    assert KEY not in kept.gaps[0]


deeds = st.builds(
    Deed,
    is_by_person=st.booleans(),
    is_token=st.booleans(),
    units=st.integers(0, 10**6),
    fails=st.booleans(),
    inner=st.lists(st.integers(0, 9), max_size=3).map(tuple),
)
blocks = st.lists(st.lists(deeds, max_size=3), max_size=8)
steps = st.lists(
    st.tuples(st.integers(0, 6), blocks, st.integers(1, 60), st.integers(0, 12), st.integers(0, 4)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=80, deadline=None)
@given(steps, st.sampled_from(IndexerKind), st.integers(1, 6))
async def test_any_life_with_any_breaks_of_node_and_indexer_equals_one_read(
    story: list[tuple[int, list[list[Deed]], int, int, int]], kind: IndexerKind, most_rows: int
) -> None:
    """However both break off, lag and change: the end is what one read of the last chain by an indexer gives."""
    chain = ToyChain()
    chain.mine(GIFT)
    indexer = ToyIndexer(chain, kind, most_rows=most_rows)
    kept = KeptLedger()
    for salt, (depth, fresh, good, good_of_indexer, behind) in enumerate(story):
        chain.drop(min(depth, len(chain.blocks) - 2))
        for block in fresh:
            chain.mine(*block, salt=salt)
        chain.fail_after(good, lambda _: httpx.Response(401))
        indexer.fail_after(good_of_indexer, lambda _: said("Max rate limit reached"))
        indexer.behind = min(behind, len(chain.blocks) - 1)
        with contextlib.suppress(CouldNotLook):
            await kept.sync(adapter_of(chain, indexer), PERSON)
    for _ in range(11):  # a chain that became shorter looks like a lagging node until it has grown again
        chain.mine(salt=99)
    chain.fault = indexer.fault = lambda _: None
    indexer.behind = 0
    await kept.sync(adapter_of(chain, indexer), PERSON)
    whole = await read(chain, ToyIndexer(chain), limits=WHOLE)
    assert kept.transactions == whole.transactions
    assert kept.gaps == whole.gaps == []
    assert kept.sums().get("native") == held(chain)
