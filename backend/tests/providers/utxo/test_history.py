"""History against a model chain: it adds up to the last satoshi, goes on where it stopped, survives reorganisations."""

import contextlib

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kryptos.providers.chains.utxo import UtxoLimits
from kryptos.providers.contracts import CouldNotLook, Direction, ProviderTransaction
from tests.providers.utxo.model_chain import SHOP, STRANGER, Deed, ModelChain
from tests.providers.utxo.reading import (
    ADDRESS,
    CHANGE,
    KINDS,
    RECEIVE,
    SMALL,
    ZPUB,
    KeptLedger,
    Kind,
    adapter_of,
    held_units,
    model,
    visible,
)

pytestmark = pytest.mark.parametrize("speaks", KINDS)


def moves(transaction: ProviderTransaction) -> list[tuple[Direction, int, str | None]]:
    return [
        (each.direction, int(each.quantity.decimal.scaleb(8)), each.counterparty)
        for each in transaction.movements
    ]


async def only(chain: ModelChain) -> ProviderTransaction:
    """Return the newest transaction."""
    return list((await KeptLedger().sync(adapter_of(chain))).transactions.values())[-1]


# ---------------------------------------------------------------- what a transaction was


async def test_payment_in(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 1234))
    told = await only(chain)
    assert moves(told) == [(Direction.INCOMING, 1234, STRANGER)]
    assert told.height == 1
    assert not told.has_failed


async def test_payment_out_without_its_change(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 1000))
    chain.mine(Deed("pay", CHANGE[0], 303))
    assert moves(await only(chain)) == [(Direction.OUTGOING, 303, SHOP), (Direction.FEE, 3, None)]


async def test_move_to_oneself_costs_its_fee_alone(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 1000))
    chain.mine(Deed("move", RECEIVE[1], 4))
    assert moves(await only(chain)) == [(Direction.FEE, 4, None)]


async def test_shared_transaction_has_no_fee_of_its_own(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 1000))
    chain.mine(Deed("share", CHANGE[0], 303))
    assert moves(await only(chain)) == [(Direction.OUTGOING, 306, None)]


async def test_mined_coins_come_from_nobody(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("mine", RECEIVE[0], 50 * 10**8))
    assert moves(await only(chain)) == [(Direction.INCOMING, 50 * 10**8, None)]


async def test_single_address_sees_its_own_change_as_foreign(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", ADDRESS, 1000))
    chain.mine(Deed("pay", CHANGE[0], 303))
    adapter = adapter_of(chain)
    kept = await KeptLedger().sync(adapter, ADDRESS)
    assert kept.units() == await held_units(adapter, ADDRESS) == 0
    assert await adapter.has_activity(ADDRESS)
    assert not await adapter.has_activity(RECEIVE[1])


# ---------------------------------------------------------------- any history

addresses = st.sampled_from([*RECEIVE[:9], *CHANGE[:9]])
deeds = st.builds(
    Deed,
    kind=st.sampled_from(["receive", "receive", "pay", "move", "share", "mine"]),
    to=addresses,
    units=st.integers(1, 10**6),
)
blocks = st.lists(st.lists(deeds, max_size=3), max_size=8)
steps = st.lists(st.tuples(st.integers(0, 6), blocks, st.integers(1, 80)), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(blocks)
async def test_history_adds_up_to_the_balance(speaks: Kind, story: list[list[Deed]]) -> None:
    chain = model(speaks=speaks)
    for block in story:
        chain.mine(*block)
    adapter = adapter_of(chain)
    kept = await KeptLedger().sync(adapter)
    seen = visible(chain, SMALL.gap)
    assert kept.units() == await held_units(adapter) == chain.held(seen)
    assert kept.transactions.keys() == {
        each.id for each in chain.transactions() if any(map(each.touches, seen))
    }
    assert kept.gaps == []


@settings(max_examples=60, deadline=None)
@given(steps)
async def test_any_life_with_any_reorganisations_and_breaks_equals_one_read(
    speaks: Kind, story: list[tuple[int, list[list[Deed]], int]]
) -> None:
    """However a sync breaks off and a chain changes: the end is what one read of the last chain gives."""
    chain = model(speaks=speaks)
    kept = KeptLedger()
    for salt, (depth, fresh, good_requests) in enumerate(story):
        chain.drop(depth)
        for block in fresh:
            chain.mine(*block, salt=salt)
        chain.fail_after(good_requests, lambda _: httpx.Response(401))
        with contextlib.suppress(CouldNotLook):
            await kept.sync(adapter_of(chain))
    for _ in range(45):  # a chain that became shorter looks like a lagging server until it has grown again
        chain.mine(salt=99)
    chain.fault = lambda _: None
    await kept.sync(adapter_of(chain))
    whole = await KeptLedger().sync(adapter_of(chain))
    assert kept.transactions == whole.transactions
    assert kept.units() == chain.held(visible(chain, SMALL.gap))


@settings(max_examples=30, deadline=None)
@given(blocks, st.integers(0, 60))
async def test_consumer_that_dies_between_pages_loses_and_doubles_nothing(
    speaks: Kind, story: list[list[Deed]], pages: int
) -> None:
    chain = model(speaks=speaks)
    for block in story:
        chain.mine(*block)
    kept = KeptLedger()
    async for page in adapter_of(chain).transactions(ZPUB, cursor=None):
        if kept.pages == pages:
            break
        kept.commit(page)
    await kept.sync(adapter_of(chain))
    assert kept.transactions == (await KeptLedger().sync(adapter_of(chain))).transactions


async def test_reorganisation_says_above_which_block_to_forget(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    for number in range(30):
        chain.mine(Deed("receive", RECEIVE[number % 2], 100 + number))
    kept = await KeptLedger().sync(adapter_of(chain))
    chain.drop(3)
    for _ in range(4):
        chain.mine(Deed("receive", RECEIVE[0], 7), salt=1)
    pages = [page async for page in adapter_of(chain).transactions(ZPUB, cursor=kept.cursor)]
    assert [page.forget_above for page in pages] == [27, *([None] * (len(pages) - 1))]
    assert [each.height for page in pages for each in page.transactions] == [28, 29, 30, 31]


async def test_reorganisation_costs_no_more_than_the_blocks_around_it(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 100))
    for _ in range(30):
        chain.mine()
    kept = await KeptLedger().sync(adapter_of(chain))
    chain.drop(3)
    for _ in range(4):
        chain.mine(Deed("receive", RECEIVE[1], 7), salt=1)
    pages = [page async for page in adapter_of(chain).transactions(ZPUB, cursor=kept.cursor)]
    assert pages[0].forget_above == {"esplora": 28, "blockbook": 27}[speaks]
    await kept.sync(adapter_of(chain))
    assert kept.transactions == (await KeptLedger().sync(adapter_of(chain))).transactions
    assert len(kept.transactions) == 5


async def test_another_chain_altogether_is_read_from_the_beginning(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    for _ in range(50):
        chain.mine(Deed("receive", RECEIVE[0], 5))
    kept = await KeptLedger().sync(adapter_of(chain))
    chain.drop(49)
    for _ in range(60):
        chain.mine(Deed("receive", RECEIVE[0], 6), salt=1)
    pages = [page async for page in adapter_of(chain).transactions(ZPUB, cursor=kept.cursor)]
    assert pages[0].forget_above == -1
    assert sum(len(page.transactions) for page in pages) == 61


async def test_address_behind_the_gap_changes_the_past_once_it_is_seen(speaks: Kind) -> None:
    """A payment to an address behind the gap turns out to be one's own when the addresses before it are used."""
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 1000))
    chain.mine(Deed("pay", RECEIVE[5], 303))
    kept = await KeptLedger().sync(adapter_of(chain))
    assert kept.units() == 0
    chain.mine(Deed("receive", RECEIVE[2], 50))
    await kept.sync(adapter_of(chain))
    assert kept.units() == await held_units(adapter_of(chain)) == 1000 - 303 - 3 + 50
    assert kept.transactions == (await KeptLedger().sync(adapter_of(chain))).transactions


async def test_reorganisation_that_hides_an_address_again(speaks: Kind) -> None:
    """Where the use of an address that led to others is undone, those others are strangers again."""
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 1000))
    chain.mine(Deed("pay", RECEIVE[5], 303))
    chain.mine(Deed("receive", RECEIVE[2], 50))
    kept = await KeptLedger().sync(adapter_of(chain))
    assert kept.units() == 1000 - 303 - 3 + 50
    chain.drop(1)
    chain.mine(salt=1)
    chain.mine(salt=1)
    await kept.sync(adapter_of(chain))
    assert kept.transactions == (await KeptLedger().sync(adapter_of(chain))).transactions
    assert kept.units() == await held_units(adapter_of(chain)) == 0


# ---------------------------------------------------------------- what it costs


# What it takes to let a server show what it serves, to learn the newest block, to ask for one more block by height
# where the newest ones were not given together with it, and to see at the end that the newest is still the same.
COSTS: dict[Kind, tuple[int, int, int, int]] = {"esplora": (1, 1, 0, 1), "blockbook": (2, 2, 1, 1)}


async def test_calls_are_few(speaks: Kind) -> None:
    identity, tip, one_more, same = COSTS[speaks]
    chain = model(page_size=25, speaks=speaks)
    for number in range(40):
        chain.mine(Deed("receive", RECEIVE[number % 2], 100))
    limits = UtxoLimits()
    adapter = adapter_of(chain, limits)
    kept = await KeptLedger().sync(adapter)
    # 22 receiving addresses; 20 change addresses. Behind a page that is not full Esplora has to be asked once more.
    more_pages = {"esplora": 2, "blockbook": 0}[speaks]
    assert len(chain.requests) == identity + tip + 4 * one_more + same + 22 + more_pages + 20
    chain.requests.clear()
    await kept.sync(adapter)
    assert len(chain.requests) == tip
    chain.requests.clear()
    chain.mine()
    await kept.sync(adapter)
    assert len(chain.requests) == tip + one_more + same + 22 + 20
    chain.requests.clear()
    await adapter.balances(ZPUB)
    assert len(chain.requests) == tip + 22 + 20 + tip
    chain.requests.clear()
    assert await adapter.has_activity(ZPUB)
    assert len(chain.requests) == 1


async def test_only_new_pages_are_read(speaks: Kind) -> None:
    chain = model(page_size=3, speaks=speaks)
    for _ in range(30):
        chain.mine(Deed("receive", ADDRESS, 100))
    adapter = adapter_of(chain)
    kept = await KeptLedger().sync(adapter, ADDRESS)
    pages = sum(path.count(ADDRESS) for path in chain.requests)
    assert pages >= 10
    chain.requests.clear()
    chain.mine(Deed("receive", ADDRESS, 100))
    await kept.sync(adapter, ADDRESS)
    assert sum(path.count(ADDRESS) for path in chain.requests) == 1
    assert len(kept.transactions) == 31


async def test_single_address_costs_few_calls(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", ADDRESS, 100))
    adapter = adapter_of(chain)
    await adapter.has_activity(ADDRESS)
    chain.requests.clear()
    await adapter.balances(ADDRESS)
    assert len(chain.requests) == 1 + 2 * COSTS[speaks][1]


async def test_history_longer_than_memory_is_cut_and_told(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    for _ in range(30):
        chain.mine(Deed("receive", RECEIVE[0], 1), Deed("receive", RECEIVE[1], 1))
    limits = UtxoLimits(gap=3, history_transactions=11)
    kept = await KeptLedger().sync(adapter_of(chain, limits))
    assert kept.gaps == [
        "Transactions from block 0 to 25 are left out: more than 11 are not read at one time."
    ]
    assert sorted({each.height or 0 for each in kept.transactions.values()}) == [26, 27, 28, 29, 30]
    assert len(kept.transactions) == 10
    chain.mine(Deed("receive", RECEIVE[3], 1))
    await kept.sync(adapter_of(chain, limits))
    assert kept.gaps == []
    assert len(kept.transactions) == 11


# ---------------------------------------------------------------- what waits


async def test_what_is_in_no_block_is_told_and_not_counted(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    chain.mine(Deed("receive", RECEIVE[0], 1000))
    chain.wait(Deed("receive", RECEIVE[1], 250_000_000))
    adapter = adapter_of(chain)
    balances = await adapter.balances(ZPUB)
    assert balances.gaps == ("Not counted, because it is in no block yet: 2.5 BTC on the way in.",)
    assert balances.height == 1
    assert str(balances.items[0].quantity) == "0.00001"
    assert (await KeptLedger().sync(adapter)).units() == 1000


async def test_nothing_there(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    adapter = adapter_of(chain)
    assert (await adapter.balances(ZPUB)).items == ()
    assert (await KeptLedger().sync(adapter)).transactions == {}
    assert not await adapter.has_activity(ZPUB)


@pytest.mark.parametrize(
    "cursor", ["", "{}", '{"block":1,"hashes":{"x":"y"}}', '{"block":1,"hashes":{},"version":2}']
)
async def test_cursor_of_another_hand_is_refused(speaks: Kind, cursor: str) -> None:
    with pytest.raises(CouldNotLook, match="sync from the beginning"):
        async for _ in adapter_of(model(speaks=speaks)).transactions(ZPUB, cursor=cursor):
            pass


async def test_cursor_of_another_wallet_is_refused(speaks: Kind) -> None:
    chain = model(speaks=speaks)
    kept = await KeptLedger().sync(adapter_of(chain), ADDRESS)
    chain.mine()
    with pytest.raises(CouldNotLook, match="another wallet"):
        await kept.sync(adapter_of(chain), ZPUB)
