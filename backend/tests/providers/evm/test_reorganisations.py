"""A real node that replaces its newest blocks: what was read before is forgotten, and nothing else."""

import pytest

from kryptos.providers.contracts import CouldNotLook
from tests.providers.evm.anvil import Anvil
from tests.providers.evm.contracts import deploy_token, mint
from tests.providers.evm.reading import CountingTransport, KeptLedger, adapter_over
from tests.providers.evm.story import FRIEND, PERSON


async def assert_equals_a_fresh_read(node: Anvil, wire: CountingTransport, kept: KeptLedger) -> None:
    fresh = await KeptLedger().sync(adapter_over(wire, node.url), PERSON)
    assert kept.transactions == fresh.transactions
    assert kept.gaps == fresh.gaps == []


@pytest.mark.parametrize("depth", [1, 3, 40, 90])
async def test_reorganisation_equals_a_fresh_read(node: Anvil, wire: CountingTransport, depth: int) -> None:
    token = deploy_token(node, "Token", "TOK", 2)
    node.person(PERSON, ether=10)
    node.person(FRIEND, ether=10)
    mint(node, token, PERSON, 500)
    node.rpc("anvil_mine", "0x5")
    snapshot = node.rpc("evm_snapshot")
    common = node.number("eth_blockNumber")
    for number in range(depth - 1):
        if number < 5:
            node.send(PERSON, FRIEND, value=number + 1)
        else:
            node.rpc("anvil_mine", "0x1")
    mint(node, token, PERSON, 7)
    kept = await KeptLedger().sync(adapter_over(wire, node.url), PERSON)
    before = set(kept.transactions)
    node.rpc("evm_revert", snapshot)
    node.send(FRIEND, PERSON, value=99)
    mint(node, token, PERSON, 1)
    node.rpc("anvil_mine", hex(depth), "0x7")
    wire.reset()
    await kept.sync(adapter_over(wire, node.url), PERSON)
    if depth < 60:
        assert min(wire.blocks) > common - depth - 1
    assert before - set(kept.transactions)
    await assert_equals_a_fresh_read(node, wire, kept)


async def test_reorganisation_by_the_node_itself(node: Anvil, wire: CountingTransport) -> None:
    node.person(PERSON, ether=10)
    node.rpc("anvil_mine", "0x5")
    for number in range(3):
        node.send(PERSON, FRIEND, value=number + 1)
    adapter = adapter_over(wire, node.url)
    kept = await KeptLedger().sync(adapter, PERSON)
    assert len(kept.transactions) == 4
    node.rpc("anvil_reorg", 3, [])
    await kept.sync(adapter, PERSON)
    await assert_equals_a_fresh_read(node, wire, kept)


async def test_node_that_lags_behind_takes_nothing_away(node: Anvil, wire: CountingTransport) -> None:
    node.person(PERSON, ether=10)
    node.rpc("anvil_mine", "0x5")
    node.send(PERSON, FRIEND, value=1)
    adapter = adapter_over(wire, node.url)
    kept = await KeptLedger().sync(adapter, PERSON)
    before, cursor = dict(kept.transactions), kept.cursor
    behind = node.number("eth_blockNumber") - 2
    wire.interfere = lambda call: {"result": hex(behind)} if call["method"] == "eth_blockNumber" else None
    await kept.sync(adapter, PERSON)
    assert (kept.transactions, kept.cursor) == (before, cursor)


async def test_blocks_that_change_under_the_read_are_not_kept(node: Anvil, wire: CountingTransport) -> None:
    node.person(PERSON, ether=10)
    for number in range(4):
        node.send(PERSON, FRIEND, value=number + 1)
    adapter = adapter_over(wire, node.url)
    changed: list[object] = []

    def change_once(call: dict[str, object]) -> None:
        if call["method"] == "eth_getTransactionReceipt" and not changed:
            changed.append(node.rpc("anvil_reorg", 2, []))

    wire.interfere = change_once
    kept = KeptLedger()
    with pytest.raises(CouldNotLook, match="changed while they were read"):
        await kept.sync(adapter, PERSON)
    await kept.sync(adapter, PERSON)
    await assert_equals_a_fresh_read(node, wire, kept)
