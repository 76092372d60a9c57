"""What moves without a transaction that shows it: told as a gap, with its amount, and once."""

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.solana import SolanaLimits
from tests.providers.solana.node import Node
from tests.providers.solana.programs import (
    hand_over_stake,
    send_lamports,
    withdraw_stake,
)
from tests.providers.solana.reading import KeptLedger, adapter_of, in_coins, quantities
from tests.providers.solana.story import COIN, rich_story


async def test_rewards_are_told_once_and_with_their_amount() -> None:
    story = rich_story()
    node = Node(story.cluster)
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    assert kept.gaps == []
    story.cluster.reward(story.stake_keys[0].pubkey(), 123_456_789)
    balances = await adapter_of(node).balances(story.address)
    await kept.sync(adapter_of(node), story.address)
    assert len(kept.gaps) == 1
    assert "0.123456789 SOL more came in of stake accounts than transactions show" in kept.gaps[0]
    assert quantities(balances)["native"] - kept.sums()["native"] == Amount("0.123456789")
    story.cluster.send([send_lamports(story.person, story.friend, 1)], story.person_key)
    await kept.sync(adapter_of(node), story.address)
    assert kept.gaps == []


async def test_lamports_that_come_to_the_address_without_a_transaction() -> None:
    story = rich_story()
    node = Node(story.cluster)
    story.cluster.reward(story.person, 7)
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    assert ["0.000000007 SOL more came in" in gap for gap in kept.gaps] == [True]
    story.cluster.reward(story.person, 8)
    story.cluster.send([send_lamports(story.person, story.friend, 1)], story.person_key)
    story.cluster.slot += 1
    await kept.sync(adapter_of(node), story.address)
    assert ["0.000000008 SOL more came in" in gap for gap in kept.gaps] == [True]
    story.cluster.slot += 1
    await kept.sync(adapter_of(node), story.address)
    assert kept.gaps == []


async def test_stake_account_that_changes_hands() -> None:
    story = rich_story()
    stake, node = story.stake_keys[0].pubkey(), Node(story.cluster)
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    story.cluster.send([hand_over_stake(stake, story.person, story.friend)], story.person_key)
    await kept.sync(adapter_of(node), story.address)
    assert ["4 SOL more went out of stake accounts" in gap for gap in kept.gaps] == [True]
    assert kept.sums()["native"] - Amount(4) == in_coins(story.truth(node.slot), node)["native"]


async def test_stake_that_moves_while_slots_are_not_settled_is_no_reward() -> None:
    story = rich_story()
    stake = story.stake_keys[0].pubkey()
    limits = SolanaLimits(settled_slots=6)
    node = Node(story.cluster)
    kept = KeptLedger()
    for lamports in (COIN, 2 * COIN, COIN):  # the last one closes it
        story.cluster.send([withdraw_stake(stake, story.person, story.person, lamports)], story.person_key)
        await kept.sync(adapter_of(node, limits=limits), story.address)
        assert kept.gaps == []
    story.cluster.slot += 6
    await kept.sync(adapter_of(node, limits=limits), story.address)
    assert kept.gaps == []
    assert kept.sums() == in_coins(story.truth(node.slot), node)


async def test_node_that_does_not_search_stakes_still_adds_up() -> None:
    """Stake is somebody else's then, in the balance and in the history."""
    story = rich_story()
    node = Node(story.cluster, searches_stakes=False)
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    assert quantities(await adapter_of(node).balances(story.address)) == kept.sums()
    assert kept.sums() == {"native": Amount("5.99999")}
