"""Every account of the world, read by the real adapters: history adds up to balances, to the last unit."""

from collections.abc import AsyncIterator, Mapping

import pytest

from kryptos.kernel.amount import Amount
from kryptos.providers.contracts import ChainAdapter, CouldNotLook, Direction
from kryptos.providers.sandbox import (
    PERSONAS,
    SANDBOX_NODES,
    SANDBOX_PRICES,
    TYPED_ADDRESSES,
    WORLD_NOW,
    find_persona,
    sandbox_price,
)
from kryptos.providers.sandbox.ethereum.assets import ASSETS
from kryptos.providers.sandbox.solana.assets import ASSETS as SOLANA
from kryptos.providers.sandbox.world_time import HISTORY_BEGINS
from tests.providers.sandbox.reading import Account, adapter, client, read_account

UNREADABLE = "broken"
ADDRESSES: Mapping[str, tuple[str, str]] = {
    **{each.id: (each.provider_id, each.address) for each in PERSONAS if each.id != UNREADABLE},
    **{f"typed {chain_id}": (chain_id, address) for chain_id, address in TYPED_ADDRESSES.items()},
}


@pytest.fixture
async def adapters() -> AsyncIterator[Mapping[str, ChainAdapter]]:
    async with client() as http:
        yield {chain_id: adapter(chain_id, http) for chain_id in SANDBOX_NODES}


async def read(adapters: Mapping[str, ChainAdapter], name: str) -> Account:
    chain_id, address = ADDRESSES[name]
    return await read_account(adapters[chain_id], address)


@pytest.mark.parametrize("name", ADDRESSES)
async def test_history_adds_up_to_balances_and_nothing_is_left_unseen(
    name: str, adapters: Mapping[str, ChainAdapter]
) -> None:
    account = await read(adapters, name)
    assert account.gaps == ()
    assert account.added_up() == account.held()
    times = [each.at for each in account.transactions]
    assert times == sorted(times)
    assert all(HISTORY_BEGINS < at < WORLD_NOW for at in times)
    ids = [each.id for each in account.transactions]
    assert len(ids) == len(set(ids))
    for failed in (each for each in account.transactions if each.has_failed):
        assert [each.direction for each in failed.movements] == [Direction.FEE]


@pytest.mark.parametrize("name", ADDRESSES)
async def test_reading_on_from_the_cursor_finds_nothing_new(
    name: str, adapters: Mapping[str, ChainAdapter]
) -> None:
    chain_id, address = ADDRESSES[name]
    account = await read(adapters, name)
    pages = [page async for page in adapters[chain_id].transactions(address, cursor=account.cursor)]
    assert [(page.transactions, page.is_last, page.gaps) for page in pages] == [((), True, ())]


@pytest.mark.parametrize("name", ADDRESSES)
async def test_detection_finds_every_account_but_the_empty_one(
    name: str, adapters: Mapping[str, ChainAdapter]
) -> None:
    chain_id, address = ADDRESSES[name]
    assert await adapters[chain_id].has_activity(address) is (name != "empty")


async def test_at_the_empty_account_there_is_nothing(adapters: Mapping[str, ChainAdapter]) -> None:
    account = await read(adapters, "empty")
    assert account.balances.items == ()
    assert account.balances.height is not None
    assert account.transactions == ()


async def test_at_the_broken_account_nobody_can_look_and_others_do_not_suffer(
    adapters: Mapping[str, ChainAdapter],
) -> None:
    broken = find_persona("broken")
    assert broken is not None
    ethereum = adapters[broken.provider_id]
    for _ in range(6):  # more often than a real node may fail before it is left alone for a while
        with pytest.raises(CouldNotLook, match="HTTP 503"):
            await ethereum.has_activity(broken.address)
    for _ in range(3):
        with pytest.raises(CouldNotLook, match="HTTP 503"):
            await ethereum.balances(broken.address)
        with pytest.raises(CouldNotLook, match="HTTP 503"):
            _ = [page async for page in ethereum.transactions(broken.address, cursor=None)]
    assert (await read(adapters, "holder")).held()


async def test_the_trader_has_so_many_transactions_that_one_read_does_not_do(
    adapters: Mapping[str, ChainAdapter],
) -> None:
    account = await read(adapters, "trader")
    assert len(account.transactions) > 1_000
    assert account.pages > 1
    assert account.reads > 1
    shared = len(account.transactions) - len({each.height for each in account.transactions})
    assert shared > 0, "some trades share a block"


async def test_the_swapper_has_more_signatures_than_a_node_lists_at_once(
    adapters: Mapping[str, ChainAdapter],
) -> None:
    account = await read(adapters, "swapper")
    assert len(account.transactions) > 1_000
    assert account.pages > 1


async def test_the_typed_ethereum_account_is_an_interesting_one(adapters: Mapping[str, ChainAdapter]) -> None:
    account = await read(adapters, "typed ethereum")
    assert account.symbols() >= {"ETH", "USDC", "DAI", "UNI", "AAVE", "LINK", "stETH", "WETH", "VERSE"}
    assert sum(each.has_failed for each in account.transactions) == 1
    swaps = [
        each
        for each in account.transactions
        if {movement.direction for movement in each.movements} == set(Direction)
    ]
    assert len(swaps) >= 5


async def test_the_typed_solana_account_is_an_interesting_one(adapters: Mapping[str, ChainAdapter]) -> None:
    account = await read(adapters, "typed solana")
    assert account.symbols() >= {"SOL", "USDC", "PYTH", "RAY", "MSOL"}
    assert {each.asset.standard.value for each in account.balances.items} >= {"native", "spl", "token_2022"}
    assert sum(each.has_failed for each in account.transactions) == 1
    # Ten coins are still staked: the address alone holds less than the balance tells.
    assert account.held()["native"] > Amount(10)


async def test_the_holder_is_paid_staking_rewards_without_transactions(
    adapters: Mapping[str, ChainAdapter],
) -> None:
    account = await read(adapters, "holder")
    assert sum(each.id.startswith("withdrawal:") for each in account.transactions) == 3
    assert ASSETS["VERSE"].contract in {key.lower() for key in account.held()}


async def test_a_transfer_between_two_personas_is_in_both_histories(
    adapters: Mapping[str, ChainAdapter],
) -> None:
    for chain_id, giver, taker in (("ethereum", "holder", "defi"), ("solana", "swapper", "saver")):
        sent = {each.id: each for each in (await read(adapters, giver)).transactions}
        got = {each.id: each for each in (await read(adapters, taker)).transactions}
        both = sent.keys() & got.keys()
        assert len(both) == 1, chain_id
        (shared,) = both
        outgoing = [each.quantity for each in sent[shared].movements if each.direction is Direction.OUTGOING]
        incoming = [each.quantity for each in got[shared].movements if each.direction is Direction.INCOMING]
        assert outgoing == incoming


async def test_what_swaps_give_is_what_the_prices_of_the_day_say(
    adapters: Mapping[str, ChainAdapter],
) -> None:
    account = await read(adapters, "defi")
    first = next(each for each in account.transactions if len(each.movements) == 3)
    quantities = {each.asset.symbol: each.quantity for each in first.movements if each.key != "fee"}
    price = sandbox_price("ethereum", first.at)
    assert price is not None
    assert Amount("0.995") < quantities["USDC"] / (quantities["ETH"] * price) < Amount("0.999")


async def test_at_the_prices_of_the_world_an_account_is_worth_what_a_person_may_have(
    adapters: Mapping[str, ChainAdapter],
) -> None:
    for name, (chain_id, _) in ADDRESSES.items():
        ids = {
            asset.contract: asset.market
            for asset in {"ethereum": ASSETS, "solana": SOLANA}[chain_id].values()
        }
        held = (await read(adapters, name)).held()
        worth = Amount(0)
        for contract, units in held.items():
            token_id = ids[
                None if contract == "native" else contract.lower() if chain_id == "ethereum" else contract
            ]
            worth += units * Amount(SANDBOX_PRICES[token_id][0]) if token_id else Amount(0)
        low, high = (0, 1) if name == "empty" else (2_500, 500_000)
        assert Amount(low) <= worth < Amount(high), name
