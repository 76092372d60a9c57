"""History of a real node's account: every movement once, and together exactly what is held."""

from collections.abc import Sequence

import pytest

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.evm import EvmAdapter, EvmLimits
from kryptos.providers.contracts import CouldNotLook, Movement, ProviderTransaction
from tests.providers.evm.anvil import Anvil
from tests.providers.evm.contracts import MULTICALL3, call, deploy_token, mint
from tests.providers.evm.reading import CountingTransport, KeptLedger, adapter_over, chain_row
from tests.providers.evm.story import ETHER, FRIEND, PERSON, Story, sell_dollars, tell_story


def adapter_of(
    node: Anvil, wire: CountingTransport, story: Story, limits: EvmLimits | None = None
) -> EvmAdapter:
    row = chain_row(multicall3=MULTICALL3, wrapped_native=story.exchange.weth)
    return adapter_over(wire, node.url, row=row, limits=limits)


async def assert_adds_up(node: Anvil, story: Story, adapter: EvmAdapter, kept: KeptLedger) -> None:
    """History, holdings and the chain itself say the same, to the last wei."""
    held = {
        (item.asset.contract or "native").lower(): item.quantity
        for item in (await adapter.balances(PERSON)).items
    }
    decimals = {story.dollar: 6}
    truth = {
        key: amount_of(units, decimals.get(key, 18)) for key, units in story.truth(node).items() if units
    }
    assert kept.sums() == held == truth


def legs(transaction: ProviderTransaction) -> list[tuple[str, str | None, str]]:
    return [(each.direction.value, each.asset.symbol, str(each.quantity)) for each in transaction.movements]


def fee_of(node: Anvil, transaction: str) -> str:
    receipt = node.receipt(transaction)
    return str(amount_of(int(str(receipt["gasUsed"]), 16) * int(str(receipt["effectiveGasPrice"]), 16), 18))


async def test_history_adds_up_to_the_last_wei(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    adapter = adapter_of(node, wire, story)
    kept = await KeptLedger().sync(adapter, PERSON)
    assert kept.gaps == []
    await assert_adds_up(node, story, adapter, kept)
    heights = [each.height for each in kept.transactions.values()]
    assert heights == sorted(heights, key=lambda height: height or 0)


async def test_each_transaction_says_what_it_did(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    kept = await KeptLedger().sync(adapter_of(node, wire, story), PERSON)

    def told(name: str) -> ProviderTransaction:
        return kept.transactions[story.named[name]]

    def fee(name: str) -> tuple[str, str, str]:
        return ("fee", "ETH", fee_of(node, story.named[name]))

    third = str(amount_of(ETHER // 3, 18))
    assert legs(told("ether out")) == [("outgoing", "ETH", third), fee("ether out")]
    assert told("ether out").movements[0].counterparty == "0x00000000000000000000000000000000000f21Ed"
    assert legs(told("ether in")) == [("incoming", "ETH", "0.000000000000000001")]
    assert legs(told("ether to oneself")) == [
        ("outgoing", "ETH", "1"),
        ("incoming", "ETH", "1"),
        fee("ether to oneself"),
    ]
    assert legs(told("token out")) == [("outgoing", "USDC", "1.234567"), fee("token out")]
    assert legs(told("token in")) == [("incoming", "USDC", "0.000001")]
    assert legs(told("token to oneself"))[:2] == [
        ("outgoing", "USDC", "0.000055"),
        ("incoming", "USDC", "0.000055"),
    ]
    assert legs(told("approval")) == [fee("approval")]
    for name in ("failure", "failure with value"):
        assert told(name).has_failed
        assert legs(told(name)) == [fee(name)]
    swap = told("swap")
    assert [leg[:2] for leg in legs(swap)] == [("outgoing", "ETH"), ("incoming", "USDC"), ("fee", "ETH")]
    assert legs(swap)[0][2] == "0.1"
    assert [leg[:2] for leg in legs(told("liquidity"))] == [
        ("outgoing", "ETH"),
        ("outgoing", "USDC"),
        ("incoming", "UNI-V2"),
        ("fee", "ETH"),
    ]
    assert [leg[:2] for leg in legs(told("wrap"))] == [
        ("outgoing", "ETH"),
        ("incoming", "WETH"),
        ("fee", "ETH"),
    ]
    assert [leg[:2] for leg in legs(told("unwrap"))] == [
        ("outgoing", "WETH"),
        ("incoming", "ETH"),
        ("fee", "ETH"),
    ]
    assert story.named["nothing"] not in kept.transactions
    for transaction in kept.transactions.values():
        keys = [movement.key for movement in transaction.movements]
        assert len(keys) == len(set(keys))
        block = node.rpc("eth_getBlockByNumber", *[hex(transaction.height or 0), False])
        assert isinstance(block, dict)
        assert int(block["timestamp"], 16) == transaction.at.timestamp()


async def test_what_comes_out_of_contracts_is_told_as_a_gap(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    adapter = adapter_of(node, wire, story)
    kept = await KeptLedger().sync(adapter, PERSON)
    before = story.truth(node)["native"]
    sold = sell_dollars(node, story)
    came_in = story.truth(node)["native"] - before + int(Amount(fee_of(node, sold)).decimal.scaleb(18))
    await kept.sync(adapter, PERSON)
    (gap,) = kept.gaps
    assert f"{amount_of(came_in, 18)} ETH more came in" in gap
    assert "KRYPTOS_INDEXER_TESTCHAIN" in gap
    await kept.sync(adapter, PERSON)
    assert kept.gaps == []


async def test_later_read_asks_for_the_new_blocks_alone(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    adapter = adapter_of(node, wire, story)
    kept = await KeptLedger().sync(adapter, PERSON)
    known = set(kept.transactions)
    end = node.number("eth_blockNumber")
    wire.reset()
    for number in range(50):
        if number % 10 == 0:
            node.send(PERSON, FRIEND, value=number + 1)
        else:
            node.rpc("anvil_mine", "0x1")
    await kept.sync(adapter, PERSON)
    assert node.number("eth_blockNumber") == end + 50
    assert len(set(kept.transactions) - known) == 5
    assert min(wire.blocks) > end
    assert len(wire.blocks) == 5
    assert wire.calls["eth_getLogs"] == 2
    await assert_adds_up(node, story, adapter, kept)
    wire.reset()
    await kept.sync(adapter, PERSON)
    assert wire.calls == {"eth_blockNumber": 1, "eth_getBlockByNumber": 1}


async def test_small_pages_tell_the_same(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    whole = await KeptLedger().sync(adapter_of(node, wire, story), PERSON)
    limits = EvmLimits(page_transactions=1, state_calls=10, history_log_calls=6, batch_calls=3)
    pieces = await KeptLedger().sync(adapter_of(node, wire, story, limits), PERSON)
    assert pieces.transactions == whole.transactions
    assert pieces.pages >= len(whole.transactions)
    assert pieces.gaps == []


async def test_node_without_old_states_is_read_block_by_block(node: Anvil, wire: CountingTransport) -> None:
    story = tell_story(node)
    end = node.number("eth_blockNumber")

    def forget(call: dict[str, object]) -> dict[str, object] | None:
        params = call["params"]
        assert isinstance(params, Sequence)
        if call["method"] in {"eth_getBalance", "eth_getTransactionCount"} and int(params[1], 16) < end:
            return {"error": {"code": -32000, "message": "missing trie node 5f3a"}}
        return None

    wire.interfere = forget
    whole = await KeptLedger().sync(adapter_of(node, wire, story), PERSON)
    assert whole.gaps == []
    await assert_adds_up(node, story, adapter_of(node, wire, story), whole)
    wire.reset()
    few = await KeptLedger().sync(adapter_of(node, wire, story, EvmLimits(full_blocks=4)), PERSON)
    assert len(wire.blocks) == 4
    assert f"blocks 0 to {end - 4}" in few.gaps[0]
    assert "KRYPTOS_INDEXER_TESTCHAIN" in few.gaps[0]
    assert story.named["token in"] in few.transactions
    assert story.named["ether in"] not in few.transactions


@pytest.mark.parametrize(
    "error",
    [{"code": -32603, "message": "internal error"}, {"code": -32000, "message": "header not found"}],
)
async def test_what_fails_for_a_moment_is_not_passed_over(
    node: Anvil, wire: CountingTransport, error: dict[str, object]
) -> None:
    node.person(PERSON, ether=1)
    wire.interfere = lambda call: {"error": error} if call["method"] == "eth_getBalance" else None
    kept = KeptLedger()
    with pytest.raises(CouldNotLook):
        await kept.sync(adapter_over(wire, node.url), PERSON)
    wire.interfere = lambda _: None
    await kept.sync(adapter_over(wire, node.url), PERSON)
    assert kept.sums() == {"native": Amount(1)}
    assert kept.gaps == []


async def test_account_with_code_is_read_block_by_block(node: Anvil, wire: CountingTransport) -> None:
    wallet = "0x00000000000000000000000000000000c0de0001"
    node.rpc("anvil_setCode", wallet, "0x00")  # STOP: takes whatever comes
    node.send(node.rich, wallet, value=5)
    node.send(node.rich, wallet, value=6)
    kept = await KeptLedger().sync(adapter_over(wire, node.url), wallet)
    assert kept.sums() == {"native": amount_of(11, 18)}
    assert len(wire.blocks) == node.number("eth_blockNumber") + 1


@pytest.mark.parametrize(
    ("decimals", "units", "shown"),
    [
        (18, 1, "0.000000000000000001"),
        (0, 10**30, "1" + "0" * 30),
        (0, 2**256 - 1, str(2**256 - 1)),
        (77, 2**256 - 1, "1.15792089237316195423570985008687907853269984665640564039457584007913129639935"),
    ],
)
async def test_no_digit_is_lost(
    node: Anvil, wire: CountingTransport, decimals: int, units: int, shown: str
) -> None:
    token = deploy_token(node, "Extreme", "X", decimals)
    node.person(PERSON, ether=1)
    mint(node, token, PERSON, units)
    adapter = adapter_over(wire, node.url)
    kept = await KeptLedger().sync(adapter, PERSON)
    assert str(kept.sums()[token]) == shown
    node.send(PERSON, token, data=call("transfer(address,uint256)", FRIEND, units))
    await kept.sync(adapter, PERSON)
    assert token not in kept.sums()
    movement: Movement = next(iter(kept.transactions.values())).movements[0]
    assert movement.quantity == Amount(1)
