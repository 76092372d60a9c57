"""History of a life that real programs wrote: what each transaction did, and that it adds up, however it is read."""

import contextlib

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from kryptos.providers.chains.solana import SolanaLimits
from kryptos.providers.contracts import CouldNotLook, Movement
from tests.providers.solana.cluster import FIRST_SLOT, Cluster
from tests.providers.solana.node import Node
from tests.providers.solana.programs import (
    WRAPPED,
    associated,
    send_lamports,
)
from tests.providers.solana.reading import AT_ONCE, SMALL, KeptLedger, adapter_of, in_coins, quantities
from tests.providers.solana.story import Story, rich_story

FEE = ("fee", "fee", "SOL", "0.000005", None)
TWO_SIGNERS = ("fee", "fee", "SOL", "0.00001", None)


def shown(story: Story, movement: Movement) -> tuple[str, str, str, str, str | None]:
    """Return a movement in short: key, direction, asset, quantity, and the name of the counterparty."""
    names = {
        str(key): name
        for name, key in {
            "friend": story.friend,
            "bank": story.cluster.bank.pubkey(),
            "USDC": story.dollar,
            "LEVY": story.levy,
            "ART": story.art,
            "WSOL": WRAPPED,
            "own USDC": associated(story.person, story.dollar),
            "friend's USDC": associated(story.friend, story.dollar),
            "own WSOL": associated(story.person, WRAPPED),
            "second stake": story.stake_keys[1].pubkey(),
        }.items()
    }
    contract = movement.asset.contract
    other = movement.counterparty
    return (
        movement.key.partition(":")[0],
        str(movement.direction),
        names[contract] if contract else "SOL",
        str(movement.quantity),
        names.get(other, "?") if other else None,
    )


TOLD: dict[str, list[tuple[str, str, str, str, str | None]]] = {
    "first coins": [("native", "incoming", "SOL", "20", "bank")],
    "coins out": [("native", "outgoing", "SOL", "1.5", "friend"), FEE],
    "coins in": [("native", "incoming", "SOL", "0.000000001", "friend")],
    "coins to oneself": [FEE],
    "mint": [("native", "outgoing", "SOL", "0.0014616", "USDC"), TWO_SIGNERS],
    "token account": [("native", "outgoing", "SOL", "0.00203928", "own USDC"), FEE],
    "minting": [("token", "incoming", "USDC", "1000.5", None), FEE],
    "token out": [
        ("native", "outgoing", "SOL", "0.00203928", "friend's USDC"),
        ("token", "outgoing", "USDC", "250.25", "friend"),
        FEE,
    ],
    "token in": [("token", "incoming", "USDC", "0.000001", "friend")],
    "burning": [("token", "outgoing", "USDC", "0.5", None), FEE],
    "art in": [("token", "incoming", "ART", "1", None)],
    "hidden in": [("token", "incoming", "USDC", "5", "friend")],
    "hidden closed": [("native", "incoming", "SOL", "0.00203928", "?"), FEE],
    "given": [("token", "incoming", "USDC", "0.000007", "friend")],
    "levy minting": [("token", "incoming", "LEVY", "10", None)],
    "levy out": [("token", "outgoing", "LEVY", "2", "friend"), FEE],
    "levy in": [("token", "incoming", "LEVY", "0.99", "friend")],
    "failure": [FEE],
    "stake": [TWO_SIGNERS],
    "stake partly back": [FEE],
    "stake to friend": [("native", "outgoing", "SOL", "0.25", "friend"), FEE],
    "second stake": [("native", "outgoing", "SOL", "1.00228288", "second stake"), TWO_SIGNERS],
    "stake closed": [("native", "incoming", "SOL", "1.00228288", "second stake"), FEE],
    "wrap": [
        ("native", "outgoing", "SOL", "1.00203928", "own WSOL"),
        ("token", "incoming", "WSOL", "1", None),
        FEE,
    ],
    "unwrap": [
        ("native", "incoming", "SOL", "1.00203928", "own WSOL"),
        ("token", "outgoing", "WSOL", "1", None),
        FEE,
    ],
    "wrap again": [
        ("native", "outgoing", "SOL", "0.002039283", "own WSOL"),
        ("token", "incoming", "WSOL", "0.000000003", None),
        FEE,
    ],
    "unwrap again": [
        ("native", "incoming", "SOL", "0.002039283", "own WSOL"),
        ("token", "outgoing", "WSOL", "0.000000003", None),
        FEE,
    ],
    "twins 1": [("native", "outgoing", "SOL", "0.000000011", "friend"), FEE],
    "twins 2": [("native", "incoming", "SOL", "0.000000004", "friend")],
}


async def test_each_transaction_is_told_for_what_it_did(story: Story, node: Node) -> None:
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    names = {id_: name for name, id_ in story.named.items()}
    told = {
        names[each.id]: [shown(story, movement) for movement in each.movements]
        for each in kept.transactions.values()
    }
    assert told == TOLD
    assert kept.gaps == []
    failed = [names[each.id] for each in kept.transactions.values() if each.has_failed]
    assert failed == ["failure"]
    heights = {entry.signature: (entry.slot, entry.time) for entry in story.cluster.entries}
    for each in kept.transactions.values():
        assert (each.height, int(each.at.timestamp())) == heights[each.id]
        assert len({movement.key for movement in each.movements}) == len(each.movements)


async def test_it_adds_up_at_every_slot(story: Story) -> None:
    for top in range(FIRST_SLOT, story.cluster.slot + 1):
        for limits in (AT_ONCE, SMALL):
            node = Node(story.cluster, top=top, most_rows=1_000 if limits is AT_ONCE else 2)
            kept = await KeptLedger().sync(adapter_of(node, limits=limits), story.address)
            assert kept.sums() == in_coins(story.truth(top), node)
            assert kept.gaps == []


async def test_one_sync_after_each_slot_adds_up_too(story: Story) -> None:
    node = Node(story.cluster)
    kept = KeptLedger()
    for top in range(FIRST_SLOT, story.cluster.slot + 1):
        node.top = top
        await kept.sync(adapter_of(node), story.address)
        assert kept.sums() == in_coins(story.truth(top), node)
        assert quantities(await adapter_of(node).balances(story.address)) == kept.sums()
        assert kept.gaps == []
    assert kept.transactions.keys() == story.told_ids


async def test_sync_behind_the_cursor_reads_what_is_new_and_no_more(story: Story, node: Node) -> None:
    node.top = story.cluster.slot - 3
    adapter = adapter_of(node)
    kept = await KeptLedger().sync(adapter, story.address)
    before = len(kept.transactions)
    node.top = None
    node.calls.clear()
    node.requests = 0
    await kept.sync(adapter, story.address)
    assert len(kept.transactions) - before == 4
    assert node.calls["getTransaction"] == 4
    assert node.calls["getGenesisHash"] == 0
    assert node.requests <= 8
    assert sum(node.calls.values()) <= 25, node.calls
    node.calls.clear()
    node.requests = 0
    await kept.sync(adapter, story.address)
    assert node.calls == {"getSlot": 1, "getFirstAvailableBlock": 1}
    node.top = story.cluster.slot + 10
    node.calls.clear()
    await kept.sync(adapter, story.address)
    assert node.calls["getTransaction"] == 0
    assert node.calls["getSignaturesForAddress"] == 6  # the address, four token accounts, a stake account
    assert sum(node.calls.values()) <= 13
    assert kept.gaps == []


async def test_closed_accounts_are_done_with(story: Story) -> None:
    node = Node(story.cluster, top=story.cluster.slot + 1)
    kept = await KeptLedger().sync(adapter_of(node), story.address)
    wrapped = str(associated(story.person, WRAPPED))
    assert kept.cursor is not None
    assert wrapped not in kept.cursor


async def test_slots_that_are_not_settled_wait(story: Story) -> None:
    """Every slot is synced after: accounts that close within the slots not read yet are known all the same."""
    limits = SolanaLimits(settled_slots=4, page_transactions=3)
    node = Node(story.cluster)
    kept = KeptLedger()
    for top in range(FIRST_SLOT, story.cluster.slot + 5):
        node.top = top
        await kept.sync(adapter_of(node, limits=limits), story.address)
        assert max((each.height or 0 for each in kept.transactions.values()), default=0) <= top - 4
        assert kept.gaps == []
    assert kept.sums() == in_coins(story.truth(story.cluster.slot), node)
    assert kept.transactions.keys() == story.told_ids


async def test_order_within_a_slot_that_is_wrong_is_no_gap() -> None:
    """Two transactions of one slot are listed the wrong way round, and what came after them is not read yet."""
    story = rich_story()
    first = story.cluster.send([send_lamports(story.person, story.friend, 11)], story.person_key)
    story.cluster.pace = 0
    second = story.cluster.send([send_lamports(story.friend, story.person, 4)], story.friend_key)
    story.cluster.pace = 1
    story.cluster.send([send_lamports(story.person, story.friend, 1)], story.person_key)
    node = Node(story.cluster, is_twisted=True)
    limits = SolanaLimits(settled_slots=1)
    kept = await KeptLedger().sync(adapter_of(node, limits=limits), story.address)
    assert list(kept.transactions)[-2:] == [second, first]
    assert kept.gaps == []
    node.top = story.cluster.slot + 1
    await kept.sync(adapter_of(node, limits=limits), story.address)
    assert kept.sums() == in_coins(story.truth(node.slot), node)
    assert kept.gaps == []


steps = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 120), st.integers(1, 4)), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(steps, st.integers(0, 5), st.integers(1, 5), st.integers(2, 9))
async def test_any_breaks_and_any_pages_equal_one_read(
    story: Story, story_steps: list[tuple[int, int, int]], settled: int, page: int, rows: int
) -> None:
    """However a sync breaks off while the cluster goes on: nothing is lost, nothing doubled, and it adds up."""
    kept = KeptLedger()
    node = Node(story.cluster, top=FIRST_SLOT + 5)
    limits = SolanaLimits(
        settled_slots=settled, page_transactions=page, page_signatures=rows, batch_calls=page + 1
    )
    for slots, good_requests, most_rows in story_steps:
        node.top = min((node.top or 0) + slots, story.cluster.slot)
        node.most_rows = most_rows
        node.fail_after(good_requests, lambda _: httpx.Response(401))
        with contextlib.suppress(CouldNotLook):
            await kept.sync(adapter_of(node, limits=limits), story.address)
    node.fault = lambda _: None
    node.top = story.cluster.slot + settled
    await kept.sync(adapter_of(node, limits=limits), story.address)
    assert kept.transactions.keys() == story.told_ids
    assert kept.sums() == in_coins(story.truth(story.cluster.slot), node)
    assert kept.gaps == []


async def test_nothing_there_is_a_page() -> None:
    cluster = Cluster()
    kept = await KeptLedger().sync(adapter_of(Node(cluster)), str(cluster.keypair().pubkey()))
    assert (kept.pages, kept.transactions, kept.gaps) == (1, {}, [])
