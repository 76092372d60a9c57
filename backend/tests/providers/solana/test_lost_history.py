"""Nodes that do not keep all of the history: what is missing is told, and in the end as amounts."""

from collections.abc import Mapping
from typing import Any

import pytest

from kryptos.providers.contracts import CouldNotLook
from tests.providers.solana.cluster import FIRST_SLOT
from tests.providers.solana.node import Node
from tests.providers.solana.reading import KeptLedger, adapter_of, in_coins
from tests.providers.solana.story import Story


async def test_pruned_history_is_told(story: Story) -> None:
    opened = story.named["stake partly back"]
    keeps_from = next(entry.slot for entry in story.cluster.entries if entry.signature == opened)
    node = Node(story.cluster, keeps_from=keeps_from)
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    pruned, coins, stakes, tokens = kept.gaps
    assert f"keeps nothing from before slot {keeps_from:,}" in pruned
    assert "more came in than transactions show" in coins
    assert "5.00228288 SOL more came in of stake accounts than transactions show" in stakes
    assert f"+754.750008 of {story.dollar}" in tokens
    assert f"+1 of {story.art}" in tokens
    await kept.sync(adapter_of(Node(story.cluster, top=story.cluster.slot + 1)), story.address)
    assert kept.gaps == []


async def test_history_that_is_pruned_in_silence_is_told_by_what_is_held(story: Story) -> None:
    node = Node(story.cluster, keeps_from=story.cluster.slot + 1, top=story.cluster.slot + 1)
    node.interfere = lambda call: (
        {"error": {"code": -32601, "message": "no"}} if call["method"] == "getFirstAvailableBlock" else None
    )
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    assert kept.transactions == {}
    coins, stakes, tokens = kept.gaps
    assert "14.494101234 SOL more came in than transactions show" in coins
    assert "3.75228288 SOL more came in of stake accounts" in stakes
    assert f"+8.99 of {story.levy}" in tokens
    after = await KeptLedger().sync(adapter_of(node), story.address)
    assert after.gaps == kept.gaps


async def test_history_that_was_pruned_between_two_reads_is_told(story: Story) -> None:
    kept = KeptLedger()
    await kept.sync(adapter_of(Node(story.cluster, top=FIRST_SLOT + 10)), story.address)
    assert kept.gaps == []
    node = Node(story.cluster, keeps_from=FIRST_SLOT + 15)
    await kept.sync(adapter_of(node), story.address)
    assert "what happened from slot 1,011 to there is not in the history" in kept.gaps[0]


@pytest.mark.parametrize("what", ["no answer", "no record"])
async def test_transaction_that_is_listed_but_not_kept(story: Story, what: str) -> None:
    lost = story.named["coins out"]

    def forgetful(call: Mapping[str, Any]) -> dict[str, object] | None:
        if call["method"] != "getTransaction" or call["params"][0] != lost:
            return None
        return {"result": None if what == "no answer" else {"slot": 1, "meta": None}}

    node = Node(story.cluster, top=story.cluster.slot + 2_000, interfere=forgetful)
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    assert lost not in kept.transactions
    listed, coins = kept.gaps
    assert lost in listed
    assert "nodes list them but do not keep what they did" in listed
    assert "1.500005 SOL more went out than transactions show" in coins
    if what == "no answer":  # another node has it
        whole = await KeptLedger().sync(adapter_of(node, Node(story.cluster, top=node.top)), story.address)
        assert lost in whole.transactions
        assert whole.gaps == []


async def test_young_transaction_that_is_listed_but_not_given_yet(story: Story, node: Node) -> None:
    node.interfere = lambda call: {"result": None} if call["method"] == "getTransaction" else None
    with pytest.raises(CouldNotLook, match="lists a transaction that it does not give") as caught:
        await KeptLedger().sync(adapter_of(node), story.address)
    assert caught.value.retry_after_seconds == 15


async def test_transaction_of_a_later_version_is_left_out(story: Story, node: Node) -> None:
    newer = story.named["token in"]
    node.interfere = lambda call: (
        {"error": {"code": -32015, "message": "Transaction version (1) is not supported"}}
        if call["method"] == "getTransaction" and call["params"][0] == newer
        else None
    )
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    version, tokens = kept.gaps
    assert newer in version
    assert "version (1) is not supported" in version
    assert f"+0.000001 of {story.dollar}" in tokens


async def test_times_and_token_balances_that_old_nodes_did_not_keep(story: Story, node: Node) -> None:
    old = {story.named["coins in"]: "blockTime", story.named["levy in"]: "preTokenBalances"}

    def without(call: Mapping[str, Any]) -> dict[str, object] | None:
        field = old.get(call["params"][0]) if call["method"] == "getTransaction" else None
        if field is None:
            return None
        result: Any = Node(story.cluster)._getTransaction(*call["params"])
        (result if field == "blockTime" else result["meta"])[field] = None
        return {"result": result}

    node.interfere = without
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    timed = [kept.transactions[story.named[name]].at for name in ("coins out", "coins in")]
    assert timed[0] == timed[1]
    assert "does not know the time of 1 transactions" in kept.gaps[0]
    assert "what 1 transactions did to tokens" in kept.gaps[1]


async def test_owners_and_programs_that_old_nodes_did_not_keep(story: Story, node: Node) -> None:
    """Whose a token account is, is known then of those that are open."""

    def without(call: Mapping[str, Any]) -> dict[str, object] | None:
        if call["method"] != "getTransaction":
            return None
        result: Any = Node(story.cluster)._getTransaction(*call["params"])
        for balance in (*result["meta"]["preTokenBalances"], *result["meta"]["postTokenBalances"]):
            del balance["owner"], balance["programId"]
        return {"result": result}

    node.interfere = without
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    assert kept.sums() == in_coins(story.truth(node.slot), node)
    assert kept.gaps == []
