"""A real node's account by an indexer of its traces: with transfers inside of contracts, to the last wei."""

import pytest

from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.evm import EvmAdapter, EvmLimits
from tests.providers.evm.anvil import Anvil
from tests.providers.evm.anvil_indexer import AnvilIndexer
from tests.providers.evm.contracts import MULTICALL3
from tests.providers.evm.reading import CountingTransport, KeptLedger, adapter_over, chain_row
from tests.providers.evm.story import PERSON, Story, sell_dollars, tell_story

LIMITS = EvmLimits(indexer_margin_seconds=0, page_transactions=5)


def adapter_of(
    node: Anvil, wire: CountingTransport, story: Story, *, has_indexer: bool, knows_wrapper: bool = True
) -> EvmAdapter:
    row = chain_row(multicall3=MULTICALL3, wrapped_native=story.exchange.weth if knows_wrapper else None)
    indexers = [AnvilIndexer.indexer] if has_indexer else []
    return adapter_over(AnvilIndexer(node, wire), node.url, row=row, limits=LIMITS, indexers=indexers)


def truth(node: Anvil, story: Story) -> dict[str, object]:
    decimals = {story.dollar: 6}
    return {key: amount_of(units, decimals.get(key, 18)) for key, units in story.truth(node).items()}


async def test_sale_is_told_with_the_ether_that_came_out_of_it(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    before = story.truth(node)["native"]
    sold = sell_dollars(node, story)
    kept = await KeptLedger().sync(adapter_of(node, wire, story, has_indexer=True), PERSON)
    assert kept.gaps == []
    assert kept.sums() == truth(node, story)
    sale = kept.transactions[sold]
    receipt = node.receipt(sold)
    fee = int(str(receipt["gasUsed"]), 16) * int(str(receipt["effectiveGasPrice"]), 16)
    came = story.truth(node)["native"] - before + fee
    (inner,) = [each for each in sale.movements if each.key.startswith("internal:")]
    assert (inner.key, inner.quantity) == ("internal:0", amount_of(came, 18))
    assert str(inner.counterparty).lower() == story.exchange.router


async def test_node_and_indexer_tell_the_same_life(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    by_node = await KeptLedger().sync(adapter_of(node, wire, story, has_indexer=False), PERSON)
    by_indexer = await KeptLedger().sync(adapter_of(node, wire, story, has_indexer=True), PERSON)
    assert by_indexer.transactions == by_node.transactions  # "unwrap" among them, which traces tell too
    assert by_indexer.gaps == by_node.gaps == []


async def test_unwrapped_ether_counts_without_knowing_the_wrapper(
    node: Anvil, wire: CountingTransport
) -> None:
    story = tell_story(node)
    adapter = adapter_of(node, wire, story, has_indexer=True, knows_wrapper=False)
    kept = await KeptLedger().sync(adapter, PERSON)
    assert kept.gaps == []
    assert kept.sums()["native"] == truth(node, story)["native"]


@pytest.mark.parametrize("is_sold_before", [True, False])
async def test_indexer_named_later_tells_what_was_missing(
    node: Anvil, wire: CountingTransport, is_sold_before: bool
) -> None:
    story = tell_story(node)
    if is_sold_before:
        sell_dollars(node, story)
    kept = await KeptLedger().sync(adapter_of(node, wire, story, has_indexer=False), PERSON)
    assert len(kept.gaps) == is_sold_before
    if not is_sold_before:
        sell_dollars(node, story)
    await kept.sync(adapter_of(node, wire, story, has_indexer=True), PERSON)
    assert kept.gaps == []
    assert kept.sums() == truth(node, story)
