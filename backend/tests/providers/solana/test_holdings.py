"""Balances of accounts that real programs filled: coin, stake and tokens of both programs, exact, in few calls."""

import pytest

from kryptos.catalog.chains import get_chain
from kryptos.kernel.amount import Amount
from kryptos.providers.chains.solana import KnownToken, NativeCoin, chain_of_row
from kryptos.providers.contracts import AddressInvalid, AssetRef, CouldNotLook, Standard
from tests.providers.solana.cluster import Cluster
from tests.providers.solana.node import GENESIS, Node
from tests.providers.solana.programs import STAKE_BYTES, associated, mint_to, open_associated, send_lamports
from tests.providers.solana.reading import adapter_of, in_coins, quantities
from tests.providers.solana.story import COIN, Story

NOBODY = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"
MOST = 2**64 - 1


async def test_story_ends_with_what_the_machine_says(story: Story, node: Node) -> None:
    balances = await adapter_of(node).balances(story.address)
    assert quantities(balances) == in_coins(story.truth(node.slot), node)
    assert {what: str(quantity) for what, quantity in quantities(balances).items()} == {
        "native": "18.246384114",
        str(story.dollar): "754.750008",
        str(story.levy): "8.99",
        str(story.art): "1",
    }
    assert balances.height == story.cluster.slot
    assert balances.gaps == ()


async def test_assets_are_named_by_the_catalogue(story: Story, node: Node) -> None:
    known = [KnownToken(str(story.dollar), "USDC", "USD Coin")]
    balances = await adapter_of(node, known=known).balances(story.address)
    assets = {item.asset.contract: item.asset for item in balances.items}
    dollar, levy, art = map(str, (story.dollar, story.levy, story.art))
    assert assets == {
        None: AssetRef("solana", Standard.NATIVE, None, "SOL", "Solana", 9),
        dollar: AssetRef("solana", Standard.SPL, dollar, "USDC", "USD Coin", 6),
        levy: AssetRef("solana", Standard.TOKEN_2022, levy, None, None, 9),
        art: AssetRef("solana", Standard.SPL, art, None, None, 0),
    }


async def test_every_slot_of_the_story_has_its_balances(story: Story) -> None:
    for top in range(1_000, story.cluster.slot + 1):
        node = Node(story.cluster, top=top)
        balances = await adapter_of(node).balances(story.address)
        assert quantities(balances) == in_coins(story.truth(top), node)


async def test_hundred_tokens_take_at_most_ten_calls() -> None:
    story = Story()
    cluster, person = story.cluster, story.person_key
    cluster.send([send_lamports(cluster.bank.pubkey(), story.person, 100 * COIN)], cluster.bank)
    held: dict[str, Amount] = {}
    for number in range(100):
        mint = cluster.keypair()
        story.open_mint(person, mint, 6)
        own = associated(story.person, mint.pubkey())
        opened = open_associated(story.person, story.person, mint.pubkey())
        cluster.send([opened, mint_to(mint.pubkey(), own, story.person, 10**9 + number)], person)
        held[str(mint.pubkey())] = Amount(10**9 + number) / Amount(10**6)
    for _ in range(2):
        story.open_stake(person, cluster.keypair(), COIN)
    node = Node(cluster)
    balances = await adapter_of(node).balances(story.address, known_contracts=tuple(held))
    assert sum(node.calls.values()) <= 10, node.calls
    assert node.requests == 2
    found = quantities(balances)
    assert found.pop("native") == in_coins(story.truth(node.slot), node)["native"]
    assert found == held


@pytest.mark.parametrize(
    ("decimals", "units", "shown"),
    [
        (9, MOST, "18446744073.709551615"),
        (0, MOST, str(MOST)),
        (19, 1, "0." + "0" * 18 + "1"),
        (255, 7, "0." + "0" * 254 + "7"),
    ],
)
async def test_quantities_are_exact(decimals: int, units: int, shown: str) -> None:
    story = Story()
    cluster = story.cluster
    cluster.send([send_lamports(cluster.bank.pubkey(), story.person, COIN)], cluster.bank)
    story.open_mint(story.person_key, story.dollar_key, decimals)
    own = associated(story.person, story.dollar)
    opened = open_associated(story.person, story.person, story.dollar)
    cluster.send([opened, mint_to(story.dollar, own, story.person, units)], story.person_key)
    balances = await adapter_of(Node(cluster)).balances(story.address)
    assert str(quantities(balances)[str(story.dollar)]) == shown


async def test_node_that_does_not_search_stakes_leaves_a_gap(story: Story, node: Node) -> None:
    node.searches_stakes = False
    balances = await adapter_of(node).balances(story.address)
    assert len(balances.gaps) == 1
    assert "Staked SOL is not counted" in balances.gaps[0]
    assert "excluded from account secondary indexes (-32010)" in balances.gaps[0]
    state = story.cluster.state(story.address, node.slot)
    assert state is not None
    assert quantities(balances)["native"] == Amount(state.lamports) / Amount(COIN)


async def test_stake_counts_for_its_withdrawer_alone(story: Story, node: Node) -> None:
    stake = str(story.stake_keys[0].pubkey())
    state = story.cluster.state(stake, node.slot)
    assert state is not None
    assert state.lamports == 15 * COIN // 4 + story.cluster.rent(STAKE_BYTES)
    node.interfere = lambda call: (
        {"result": [{"pubkey": stake, "account": {"data": ["AAAA", "base64"]}}]}
        if call["method"] == "getProgramAccounts"
        else None
    )
    with pytest.raises(CouldNotLook, match="a stake account of somebody else"):
        await adapter_of(node).balances(story.address)


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_answers_of_several_slots_are_asked_for_again(story: Story, node: Node, times: int) -> None:
    stale: list[dict[str, object]] = [{"result": {"context": {"slot": 1_001}, "value": 5}}] * times
    node.interfere = lambda call: stale.pop() if stale and call["method"] == "getBalance" else None
    balances = await adapter_of(node).balances(story.address)
    assert balances.height == (story.cluster.slot if times < 3 else None)
    assert node.calls["getBalance"] == min(times + 1, 3)


async def test_token_account_that_the_node_cannot_read_is_named(story: Story, node: Node) -> None:
    own = str(associated(story.person, story.dollar))

    def unread(value: object) -> object:
        assert isinstance(value, dict)
        for row in value["value"] if isinstance(value["value"], list) else []:
            if row is not None and row.get("pubkey") == own:
                row["account"]["data"] = ["AAAA", "base64"]
        return value

    inner = node._at
    node._at = lambda value: unread(inner(value))  # type: ignore[method-assign]
    balances = await adapter_of(node).balances(story.address, known_contracts=[str(story.dollar), own])
    assert own in balances.gaps[0]
    assert balances.silent == (own,), "of what was named, the dollar is seen in another account"
    assert str(quantities(balances)[str(story.dollar)]) == "0.000007"


async def test_nothing_there_is_an_answer(story: Story, node: Node) -> None:
    adapter = adapter_of(node)
    assert (await adapter.balances(NOBODY)).items == ()
    assert not await adapter.has_activity(NOBODY)
    node.calls.clear()
    assert await adapter.has_activity(story.address)
    assert sum(node.calls.values()) == 2
    assert await adapter.has_activity(str(associated(story.person, story.dollar)))
    assert node.calls["getGenesisHash"] == 0


@pytest.mark.parametrize(
    "text",
    ["", "abc", "0" * 44, "1" * 45, "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu", NOBODY[:-4], "é" * 40],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(AddressInvalid, match="32 bytes in base58"):
        adapter_of(Node(Cluster())).normalise_address(text)


def test_address_is_kept_as_it_is() -> None:
    adapter = adapter_of(Node(Cluster()))
    assert adapter.normalise_address(f"  {NOBODY}\n") == NOBODY
    assert adapter.normalise_address("1" * 32) == "1" * 32


def test_row_of_the_catalogue() -> None:
    chain = chain_of_row(get_chain("solana"))
    assert chain.id == "solana"
    assert chain.native == NativeCoin("SOL", "Solana", 9)
    assert chain.genesis == GENESIS[:32]
    with pytest.raises(ValueError, match="ethereum is no chain of the Solana family"):
        chain_of_row(get_chain("ethereum"))
