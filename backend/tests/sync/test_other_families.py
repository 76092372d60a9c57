"""Solana and Bitcoin from the connection in the widget to the Data API: programs that ran, coins that were spent."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from kryptos.kernel.amount import Amount
from tests.providers.solana.node import Node
from tests.providers.solana.story import Story, tell_story
from tests.providers.utxo.model_chain import Deed, ModelChain
from tests.providers.utxo.reading import CHANGE, RECEIVE, ZPUB, model, visible
from tests.support.app import App
from tests.sync.situation import Situation, kept_of, situation
from tests.sync.test_ethereum import transactions, units

_GAP = 20
_SETTLED_SLOTS = 1_000


async def quantities(its: Situation, **query: Any) -> dict[str, Decimal]:
    """Return what the Data API says is held, by contract."""
    found = (await its.person.read("holdings", isSpam="true", **query))["holdings"]
    return {each["asset"]["contractAddress"] or "native": Decimal(each["totalQuantity"]) for each in found}


# ---------------------------------------------------------------- Solana


@pytest.fixture(scope="module")
def life() -> Story:
    """A life that was over a while ago."""
    story = tell_story()
    story.cluster.slot += _SETTLED_SLOTS
    return story


async def over_cluster(app: App, node: Node) -> Situation:
    mounts = {"http://node.test": node.transport()}
    return await situation(app, {"KRYPTOS_RPC_SOLANA": "http://node.test/key"}, mounts)


async def test_a_life_on_solana_to_the_last_lamport(app: App, life: Story) -> None:
    its = await over_cluster(app, Node(life.cluster))
    wallet_id = await its.connect(life.address, "solana")
    found = await its.status(wallet_id)
    assert (found["status"], found["code"]) == ("COMPLETED", None), found["message"]
    decimals = {str(life.dollar): 6, str(life.levy): 9, str(life.art): 0, "native": 9}
    truth = life.truth(life.cluster.slot)
    for query in ({}, {"calculatedBalances": "true"}):
        shown = await quantities(its, **query)
        assert {mint: units(quantity, decimals[mint]) for mint, quantity in shown.items()} == truth
    told = await transactions(its)
    assert set(told) == life.told_ids
    failed = told[life.named["failure"]]
    assert (failed["label"], failed["incomingAssets"], failed["outgoingAssets"]) == ("Failed", [], [])
    assert [leg["quantity"] for leg in failed["fee"]] == [Decimal("0.000005")]
    assert told[life.named["coins in"]]["incomingAssets"][0]["quantity"] == Decimal("1E-9")


@pytest.mark.parametrize("requests", range(1, 30, 4))
async def test_a_solana_node_that_dies_after_some_requests_loses_nothing(
    app: App, life: Story, requests: int
) -> None:
    node = Node(life.cluster)
    its = await over_cluster(app, node)
    node.fail_after(requests, lambda _: httpx.Response(500))
    wallet_id = await its.connect(life.address, "solana")
    node.fault = lambda _: None
    await its.sync_when_due(wallet_id)
    other = await over_cluster(app, Node(life.cluster))
    fresh = await other.connect(life.address, "solana")
    assert (await its.status(wallet_id))["status"] == "COMPLETED"
    assert await kept_of(app, wallet_id) == await kept_of(app, fresh)


# ---------------------------------------------------------------- Bitcoin


def spent() -> ModelChain:
    """Return a chain on which a wallet has received, spent, moved and mined."""
    chain = model()
    chain.mine(Deed("receive", RECEIVE[0], 5_000_000_000), Deed("receive", RECEIVE[2], 1))
    chain.mine(Deed("pay", CHANGE[0], 7_001), Deed("mine", RECEIVE[4], 625_000_000))
    chain.mine(Deed("move", RECEIVE[19], 33))
    chain.mine(Deed("share", CHANGE[3], 12_345), Deed("receive", RECEIVE[30], 21))
    for _ in range(8):
        chain.mine()
    return chain


async def over_esplora(app: App, chain: ModelChain) -> Situation:
    upstreams = {"KRYPTOS_ESPLORA_BITCOIN": "http://node.test", "KRYPTOS_BLOCKBOOK_BITCOIN": "none"}
    return await situation(app, upstreams, {"http://node.test": chain.transport()})


async def assert_equals_the_chain(its: Situation, chain: ModelChain, wallet_id: str) -> None:
    """Assert that holdings, history and the chain itself say the same, to the last satoshi."""
    found = await its.status(wallet_id)
    assert (found["status"], found["message"]) == ("COMPLETED", None)
    truth = {"native": chain.held(visible(chain, _GAP))}
    for query in ({}, {"calculatedBalances": "true"}):
        shown = await quantities(its, **query)
        assert {what: units(quantity, 8) for what, quantity in shown.items()} == truth
    other = await over_esplora(its.app, chain)
    assert await kept_of(its.app, wallet_id) == await kept_of(its.app, await other.connect(ZPUB, "bitcoin"))


async def test_an_extended_key_of_bitcoin_to_the_last_satoshi(app: App) -> None:
    chain = spent()
    its = await over_esplora(app, chain)
    wallet_id = await its.connect(ZPUB, "bitcoin")
    await assert_equals_the_chain(its, chain, wallet_id)
    told = (await transactions(its)).values()
    assert {each["label"] for each in told} >= {"Deposit", "Withdrawal"}
    moved = [
        each for each in told if not each["incomingAssets"] and not each["outgoingAssets"] and each["fee"]
    ]
    assert moved, "coins that a wallet sends to itself cost only their fee"


async def test_a_later_sync_of_bitcoin_and_three_blocks_that_are_replaced(app: App) -> None:
    chain = spent()
    its = await over_esplora(app, chain)
    wallet_id = await its.connect(ZPUB, "bitcoin")
    chain.mine(Deed("receive", RECEIVE[5], 1_000))
    chain.mine(Deed("pay", CHANGE[1], 77))
    chain.mine()
    await its.sync_when_due(wallet_id)
    await assert_equals_the_chain(its, chain, wallet_id)
    before = set(await transactions(its))
    chain.drop(3)
    chain.mine(Deed("receive", RECEIVE[6], 4_321), salt=1)
    for _ in range(3):
        chain.mine(salt=1)
    await its.sync_when_due(wallet_id)
    assert before - set(await transactions(its))
    await assert_equals_the_chain(its, chain, wallet_id)


@pytest.mark.parametrize("requests", range(1, 120, 17))
async def test_a_bitcoin_server_that_dies_after_some_requests_loses_nothing(app: App, requests: int) -> None:
    chain = spent()
    its = await over_esplora(app, chain)
    chain.fail_after(requests, lambda _: httpx.Response(503))
    wallet_id = await its.connect(ZPUB, "bitcoin")
    chain.fault = lambda _: None
    await its.sync_when_due(wallet_id)
    await assert_equals_the_chain(its, chain, wallet_id)


def test_amounts_of_the_model_are_whole() -> None:
    """What is compared above is in units that an exact amount can say."""
    assert units(Amount("0.00000001").decimal, 8) == 1
