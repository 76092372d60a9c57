"""A history by an indexer is the same as by a node, and whole.

Contract only: no indexer could be asked; written from the documentation, as ``test_indexer_lists.py`` is.
"""

import pytest

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.evm import EvmLimits, IndexerKind
from kryptos.providers.chains.evm.cursor import read_cursor
from kryptos.providers.contracts import CouldNotLook
from tests.providers.evm.indexed_reading import GIFT, INNER, WHOLE, adapter_of, held, read, toy_chain
from tests.providers.evm.toy_chain import GAS, GAS_PRICE, PERSON, Deed, ToyChain
from tests.providers.evm.toy_indexer import KEY, ToyIndexer, said

# ---------------------------------------------------------------- the same, and more


@pytest.mark.parametrize("kind", IndexerKind)
@pytest.mark.parametrize("most_rows", [1, 2, 3, 10_000])
async def test_node_and_indexer_tell_the_same(kind: IndexerKind, most_rows: int) -> None:
    chain = toy_chain()
    by_node = await read(chain)
    by_indexer = await read(chain, ToyIndexer(chain, kind, most_rows=most_rows))
    assert list(by_indexer.transactions.values()) == list(by_node.transactions.values())
    assert by_indexer.sums() == by_node.sums()
    assert by_indexer.sums()["native"] == held(chain)
    assert by_indexer.gaps == by_node.gaps == []


@pytest.mark.parametrize("kind", IndexerKind)
async def test_what_moved_inside_of_contracts_is_told_to_the_last_wei(kind: IndexerKind) -> None:
    chain = toy_chain(inner=(3, 4))
    chain.mine(INNER)
    by_node = await read(chain)
    assert "more came in than transactions show" in by_node.gaps[0]
    by_indexer = await read(chain, ToyIndexer(chain, kind))
    assert by_indexer.gaps == []
    assert by_indexer.sums()["native"] == held(chain)
    (last,) = [each for each in by_indexer.transactions.values() if each.height == len(chain.blocks) - 1]
    assert [(each.key, str(each.quantity * Amount(10**18))) for each in last.movements] == [
        ("internal:0", "5"),
        ("internal:1", "7"),
        ("internal:2", "5"),
    ]
    assert last.id not in by_node.transactions


async def test_every_kind_of_indexer_gives_the_same_keys() -> None:
    chain = toy_chain(inner=(3, 4))
    etherscan, *others = [await read(chain, ToyIndexer(chain, kind)) for kind in IndexerKind]
    for other in others:
        assert other.transactions == etherscan.transactions


async def test_indexer_that_is_named_later_completes_the_history() -> None:
    chain = toy_chain(inner=(3, 4))
    kept = await read(chain)
    assert kept.gaps
    indexer = ToyIndexer(chain)
    await kept.sync(adapter_of(chain, indexer), PERSON)
    assert kept.transactions == (await read(chain, indexer)).transactions
    assert kept.gaps == []
    assert kept.sums()["native"] == held(chain)
    asked = indexer.requests
    await kept.sync(adapter_of(chain, indexer), PERSON)
    assert indexer.requests <= asked + 2  # nothing is read again


async def test_indexer_that_is_taken_away_doubles_nothing() -> None:
    chain = toy_chain(inner=(3,))
    kept = await read(chain, ToyIndexer(chain))
    before = dict(kept.transactions)
    chain.mine(GIFT)
    await kept.sync(adapter_of(chain), PERSON)
    assert len(kept.transactions) == len(before) + 1
    assert kept.gaps == []
    assert kept.sums()["native"] == held(chain)


async def test_node_that_showed_everything_is_not_read_again() -> None:
    chain = toy_chain()
    kept = await read(chain)
    assert read_cursor(kept.cursor).unindexed_from is None
    indexer = ToyIndexer(chain)
    await kept.sync(adapter_of(chain, indexer), PERSON)
    assert not any(params.get("module") == "account" for params in indexer.asked)


async def test_payouts_that_no_indexer_lists_are_found() -> None:
    chain = toy_chain(blocks=40, inner=(1,))
    chain.payouts |= {7: 32_000_000_000, 30: 5}
    chain.mine()
    by_indexer = await read(chain, ToyIndexer(chain))
    assert {"withdrawal:7", "withdrawal:30"} <= by_indexer.transactions.keys()
    assert by_indexer.gaps == []
    assert by_indexer.sums()["native"] == held(chain)


async def test_what_neither_shows_is_told_as_a_gap() -> None:
    chain = toy_chain(inner=(3,))
    indexer = ToyIndexer(chain)
    indexer.fault = lambda request: (
        said([], message="No transactions found")
        if request.url.params.get("action") == "txlistinternal"
        else None
    )
    kept = await read(chain, indexer)
    (gap,) = kept.gaps
    assert "0.000000000000000009 ETH more came in than Testchain node 0 (node) and Toy etherscan" in gap
    assert KEY not in gap


async def test_account_with_code_needs_no_full_blocks() -> None:
    chain = toy_chain(inner=(3,))
    chain.eth_getCode = lambda *_: "0x00"  # type: ignore[method-assign]
    kept = await read(chain, ToyIndexer(chain), limits=EvmLimits(full_blocks=1, indexer_margin_seconds=0))
    assert kept.gaps == []
    assert kept.sums()["native"] == held(chain)


async def test_blocks_that_no_node_looked_into_are_read_by_an_indexer_later() -> None:
    chain = ToyChain()
    chain.mine(
        Deed(is_by_person=True, is_token=False, units=0, inner=(GAS * GAS_PRICE,))
    )  # adds up to nothing
    for _ in range(5):
        chain.mine()
    chain.eth_getTransactionCount = lambda *_: "0x0"  # type: ignore[method-assign]
    chain.eth_getCode = lambda *_: "0x00"  # type: ignore[method-assign]
    limits = EvmLimits(full_blocks=1, indexer_margin_seconds=0)
    kept = await read(chain, limits=limits)
    assert "were not looked for" in kept.gaps[0]
    assert kept.transactions == {}
    await kept.sync(adapter_of(chain, ToyIndexer(chain), limits=limits), PERSON)
    assert len(kept.transactions) == 1
    assert kept.gaps == []


async def test_node_without_old_states_needs_none() -> None:
    chain = toy_chain(inner=(3,))
    end = len(chain.blocks) - 1
    of_now = chain.eth_getBalance

    def forget(address: str, at: str) -> str:
        if int(at, 16) < end:
            raise LookupError
        return of_now(address, at)

    chain.eth_getBalance = forget  # type: ignore[method-assign]
    answer = chain.reply

    def reply(call: dict[str, object]) -> dict[str, object]:
        try:
            return answer(call)
        except LookupError:
            error = {"code": -32000, "message": "missing trie node"}
            return {"jsonrpc": "2.0", "id": call["id"], "error": error}

    chain.reply = reply  # type: ignore[method-assign]
    kept = await read(chain, ToyIndexer(chain))
    assert kept.gaps == []
    assert kept.sums()["native"] == held(chain)


async def test_few_rows_of_one_read_are_followed_by_the_next() -> None:
    chain = toy_chain(blocks=30, inner=(2,))
    whole = await read(chain, ToyIndexer(chain))
    limits = EvmLimits(indexer_rows=5, indexer_margin_seconds=0)
    pages = [
        page
        async for page in adapter_of(chain, ToyIndexer(chain, most_rows=3), limits=limits).transactions(
            PERSON, cursor=None
        )
    ]
    assert not pages[-1].is_last
    kept = await read(chain, ToyIndexer(chain, most_rows=3), limits=limits)
    assert kept.transactions == whole.transactions
    assert kept.gaps == []


async def test_keys_and_chain_go_with_every_request() -> None:
    chain = toy_chain(blocks=1)
    for kind in IndexerKind:
        indexer = ToyIndexer(chain, kind)
        await read(chain, indexer)
        for params in indexer.asked:
            assert params.get("apikey") == (None if kind is IndexerKind.BLOCKSCOUT else KEY)
            assert params.get("chainid") == ("1" if kind is IndexerKind.ETHERSCAN else None)
        assert KEY not in repr(indexer.indexer)


# ---------------------------------------------------------------- how far an indexer is believed


async def test_cursor_never_passes_the_indexer() -> None:
    chain = toy_chain(inner=(3,))
    indexer = ToyIndexer(chain, behind=5)
    kept = await read(chain, indexer)
    end = len(chain.blocks) - 1
    assert read_cursor(kept.cursor).block == end - 5
    assert kept.gaps == []
    assert max(each.height or 0 for each in kept.transactions.values()) <= end - 5
    before = kept.cursor
    await kept.sync(adapter_of(chain, indexer), PERSON)
    assert kept.cursor == before
    indexer.behind = 0
    await kept.sync(adapter_of(chain, indexer), PERSON)
    assert kept.transactions == (await read(chain, ToyIndexer(chain))).transactions
    assert kept.sums()["native"] == held(chain)


async def test_newest_blocks_wait_until_their_inside_is_written() -> None:
    chain = toy_chain(blocks=40, inner=(3,))
    indexer = ToyIndexer(chain, internals_behind=6)
    limits = EvmLimits(indexer_margin_seconds=80)  # blocks come every 12 seconds
    kept = await read(chain, indexer, limits=limits)
    end = len(chain.blocks) - 1
    assert end - 16 <= read_cursor(kept.cursor).block <= end - 7
    assert kept.gaps == []
    for _ in range(20):
        chain.mine()
    await kept.sync(adapter_of(chain, indexer, limits=limits), PERSON)
    assert kept.sums()["native"] == held(chain)
    assert kept.gaps == []


async def test_indexer_that_leads_the_node_waits_for_it() -> None:
    chain = toy_chain(blocks=4)
    kept = await read(chain, ToyIndexer(chain, behind=-3))
    assert read_cursor(kept.cursor).block == len(chain.blocks) - 1


async def test_young_chain_is_read_from_its_first_block() -> None:
    chain = toy_chain(blocks=2)
    kept = await read(chain, ToyIndexer(chain), limits=EvmLimits())
    assert read_cursor(kept.cursor).block == 0
    for _ in range(40):
        chain.mine()
    await kept.sync(adapter_of(chain, ToyIndexer(chain), limits=EvmLimits()), PERSON)
    assert kept.sums()["native"] == held(chain)


async def test_indexer_far_behind_is_passed_over() -> None:
    chain = toy_chain(blocks=400, inner=(3,))
    stopped = ToyIndexer(chain, behind=310)
    kept = await read(chain, stopped, limits=WHOLE)
    assert "Toy etherscan (etherscan) is 62 minutes behind Testchain node 0 (node)" in kept.gaps[0]
    kept = await read(chain, stopped, ToyIndexer(chain, IndexerKind.ROUTESCAN), limits=WHOLE)
    assert kept.gaps == []
    assert kept.sums()["native"] == held(chain)


async def test_indexer_of_another_chain_is_not_believed() -> None:
    chain, foreign = toy_chain(inner=(3,)), toy_chain(blocks=14)
    kept = await read(chain, ToyIndexer(foreign))
    assert "has another block 13 than Testchain node 0 (node)" in kept.gaps[0]
    assert kept.transactions == (await read(chain)).transactions


async def test_reorganisation_is_followed() -> None:
    chain = toy_chain(blocks=30, inner=(3,))
    kept = await read(chain, ToyIndexer(chain))
    chain.drop(4)
    for _ in range(8):
        chain.mine(INNER, salt=1)
    await kept.sync(adapter_of(chain, ToyIndexer(chain)), PERSON)
    assert kept.transactions == (await read(chain, ToyIndexer(chain))).transactions
    assert kept.sums()["native"] == held(chain)


async def test_transaction_that_the_node_does_not_know_is_not_passed_over() -> None:
    chain = toy_chain(blocks=2)
    indexer = ToyIndexer(chain)
    row = {"blockNumber": "1", "hash": "0x" + "77" * 32}
    indexer.fault = lambda request: (
        said([row] if request.url.params["page"] == "1" else [], status="1")
        if request.url.params.get("action") == "txlist"
        else None
    )
    with pytest.raises(CouldNotLook, match="does not know a transaction that the indexer names") as caught:
        await read(chain, indexer)
    assert caught.value.retry_after_seconds == 15


async def test_transaction_in_another_block_than_the_node_has_it_is_not_kept() -> None:
    chain = toy_chain(blocks=2)
    indexer = ToyIndexer(chain)
    row = {"blockNumber": "2", "hash": str(chain.transaction(1, 0)["hash"])}
    indexer.fault = lambda request: (
        said([row] if request.url.params["page"] == "1" else [], status="1")
        if request.url.params.get("action") == "txlist"
        else None
    )
    with pytest.raises(CouldNotLook, match="changed while they were read"):
        await read(chain, indexer)


async def test_indexer_that_ignores_the_page_is_left() -> None:
    chain = toy_chain(inner=(3,))
    indexer = ToyIndexer(chain)
    row = {"blockNumber": "1", "hash": "0x" + "77" * 32}
    indexer.fault = lambda request: (
        said([row], status="1") if request.url.params.get("action") == "txlist" else None
    )
    kept = await read(chain, indexer)
    assert "lists more in block 1 than it can give" in kept.gaps[0]
    assert indexer.requests < 200
