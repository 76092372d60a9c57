"""A real Ethereum node, from the connection in the widget to the numbers of the Data API, to the last unit."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.providers.evm.anvil import Anvil
from tests.providers.evm.contracts import (
    Exchange,
    artifact,
    call,
    deploy,
    deploy_exchange,
    deploy_token,
    mint,
)
from tests.providers.evm.reading import CountingTransport
from tests.providers.evm.story import ETHER, FRIEND, PERSON, Story, tell_story
from tests.support.app import App
from tests.support.journey import rows
from tests.sync.situation import Situation, kept_of, node_alone, situation

_UNISWAP = "@uniswap/v2-periphery/build"
WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"
"""Where it stands on Ethereum, and in the catalogue."""


def deploy_with_real_weth(node: Anvil) -> Exchange:
    """Deploy Uniswap over a WETH9 that stands where Ethereum has it, with its name and decimals."""
    made = deploy_exchange(node)
    node.rpc("anvil_setCode", WETH, node.rpc("eth_getCode", made.weth, "latest"))
    for slot in range(3):
        word = node.rpc("eth_getStorageAt", made.weth, hex(slot), "latest")
        node.rpc("anvil_setStorageAt", WETH, f"0x{slot:064x}", word)
    router = deploy(node, artifact(f"{_UNISWAP}/UniswapV2Router02.json"), made.factory, WETH)
    return Exchange(WETH, router, made.factory)


@pytest.fixture
def story(node: Anvil, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A life on that node."""
    monkeypatch.setattr("tests.providers.evm.story.deploy_exchange", deploy_with_real_weth)
    return tell_story(node)


@pytest.fixture
async def wire() -> AsyncIterator[CountingTransport]:
    """The way to the node, counted."""
    transport = CountingTransport(httpx.AsyncHTTPTransport())
    yield transport
    await transport.aclose()


async def over_anvil(app: App, node: Anvil, wire: CountingTransport) -> Situation:
    return await situation(app, node_alone("ethereum", node.url), {node.url: wire})


def units(quantity: Decimal, decimals: int) -> int:
    """Return a quantity in smallest units; it must have no digit behind them."""
    digits = quantity.as_tuple()
    assert isinstance(digits.exponent, int)
    value = int("".join(map(str, digits.digits)))
    shift = digits.exponent + decimals
    if shift >= 0:
        return int(value * 10**shift)
    whole, rest = divmod(value, int(10**-shift))
    assert rest == 0
    return whole


async def held(its: Situation, decimals: dict[str, int], **query: Any) -> dict[str, int]:
    """Return what the Data API says is held, in smallest units, by contract."""
    found = (await its.person.read("holdings", isSpam="true", **query))["holdings"]
    keys = {(each["asset"]["contractAddress"] or "native").lower(): each["totalQuantity"] for each in found}
    return {key: units(Decimal(quantity), decimals.get(key, 18)) for key, quantity in keys.items()}


async def transactions(its: Situation) -> dict[str, dict[str, Any]]:
    """Return all transactions that the Data API gives, by hash; each must come once."""
    found: list[dict[str, Any]] = []
    while True:
        page = await its.person.read("transactions", limit=7, offset=len(found), isSpam="true")
        found += page["data"]
        if not page["pagination"]["hasNextPage"]:
            break
    by_hash = {each["transactionPlatfromId"]: each for each in found}
    assert len(by_hash) == len(found) == page["pagination"]["totalCount"]
    return by_hash


async def assert_equals_another_reading(
    its: Situation, node: Anvil, wire: CountingTransport, wallet_id: str
) -> None:
    other = await over_anvil(its.app, node, wire)
    assert await kept_of(its.app, wallet_id) == await kept_of(its.app, await other.connect(PERSON))


async def test_a_life_on_ethereum_to_the_last_wei(
    app: App, node: Anvil, wire: CountingTransport, story: Story
) -> None:
    its = await over_anvil(app, node, wire)
    wallet_id = await its.connect(PERSON)
    found = await its.status(wallet_id)
    assert (found["status"], found["message"]) == ("COMPLETED", None)
    truth = {key: count for key, count in story.truth(node).items() if count}
    decimals = {story.dollar: 6}
    assert set(truth) == {"native", story.dollar, story.pair, WETH}
    assert await held(its, decimals) == truth
    assert await held(its, decimals, calculatedBalances="true") == truth

    told = await transactions(its)
    swap = told[story.named["swap"]]
    assert swap["label"] == "Swap"
    assert [(leg["asset"]["symbol"], leg["quantity"]) for leg in swap["outgoingAssets"]] == [
        ("ETH", Decimal("0.1"))
    ]
    assert [leg["asset"]["symbol"] for leg in swap["incomingAssets"]] == ["USDC"]
    assert len(swap["fee"]) == 1
    pool = told[story.named["liquidity"]]
    assert [leg["asset"]["contractAddress"].lower() for leg in pool["incomingAssets"]] == [story.pair]
    assert {leg["asset"]["symbol"] for leg in pool["outgoingAssets"]} == {"ETH", "USDC"}
    for name in ("failure", "failure with value"):
        failed = told[story.named[name]]
        receipt = node.receipt(story.named[name])
        gas = int(str(receipt["gasUsed"]), 16) * int(str(receipt["effectiveGasPrice"]), 16)
        assert (failed["label"], failed["metadata"]["hasFailed"]) == ("Failed", True)
        assert failed["incomingAssets"] == failed["outgoingAssets"] == []
        (fee,) = failed["fee"]
        assert units(Decimal(fee["quantity"]), 18) == gas
    one_wei = told[story.named["ether in"]]
    assert (one_wei["label"], one_wei["incomingAssets"][0]["quantity"]) == ("Deposit", Decimal("1E-18"))
    assert told[story.named["weth out"]]["outgoingAssets"][0]["quantity"] == Decimal("7E-18")
    assert {story.named["wrap"], story.named["unwrap"], story.named["approval"]} <= set(told)


async def test_later_blocks_alone_are_read_later(
    app: App, node: Anvil, wire: CountingTransport, story: Story
) -> None:
    its = await over_anvil(app, node, wire)
    wallet_id = await its.connect(PERSON)
    first_calls, top = wire.total, node.number("eth_blockNumber")
    node.rpc("anvil_mine", hex(49))
    sent = node.send(FRIEND, PERSON, value=5)
    wire.reset()
    await its.sync_when_due(wallet_id)
    assert min(wire.blocks) > top, "blocks that were read before are not read again"
    assert wire.total < first_calls / 2
    assert sent in await transactions(its)
    truth = {key: count for key, count in story.truth(node).items() if count}
    assert await held(its, {story.dollar: 6}) == truth
    await assert_equals_another_reading(its, node, wire, wallet_id)


@pytest.mark.parametrize("way", ["replaced", "by the node itself"])
async def test_three_blocks_that_are_replaced(
    app: App, node: Anvil, wire: CountingTransport, story: Story, way: str
) -> None:
    snapshot = node.rpc("evm_snapshot")
    gone = [node.send(PERSON, FRIEND, value=number + 1) for number in range(3)]
    its = await over_anvil(app, node, wire)
    wallet_id = await its.connect(PERSON)
    assert set(gone) <= set(await transactions(its))
    if way == "replaced":
        node.rpc("evm_revert", snapshot)
        node.send(FRIEND, PERSON, value=99)
        mint(node, story.dollar, PERSON, 3)
        node.rpc("anvil_mine", "0x2", "0x7")
    else:
        node.rpc("anvil_reorg", 3, [])
        node.rpc("anvil_mine", "0x1")
    await its.sync_when_due(wallet_id)
    assert not set(gone) & set(await transactions(its))
    truth = {key: count for key, count in story.truth(node).items() if count}
    assert await held(its, {story.dollar: 6}) == truth
    assert await held(its, {story.dollar: 6}, calculatedBalances="true") == truth
    await assert_equals_another_reading(its, node, wire, wallet_id)


DIGITS = {
    "one unit of 1e-18": (18, 1),
    "1e30 whole": (18, 10**48),
    "2^256 - 1 of no decimals": (0, 2**256 - 1),
}


async def test_no_digit_is_lost_on_the_way(app: App, node: Anvil, wire: CountingTransport) -> None:
    """From the node through ledger and API to an exact JSON parser; together with one unit more or less."""
    node.person(PERSON, ether=1)
    tokens = {name: deploy_token(node, name, f"T{at}", DIGITS[name][0]) for at, name in enumerate(DIGITS)}
    for name, token in tokens.items():
        mint(node, token, PERSON, DIGITS[name][1])
    its = await over_anvil(app, node, wire)
    wallet_id = await its.connect(PERSON)
    decimals = {token: DIGITS[name][0] for name, token in tokens.items()}
    expected = {token: DIGITS[name][1] for name, token in tokens.items()}
    for query in ({}, {"calculatedBalances": "true"}):
        shown = await held(its, decimals, **query)
        assert {token: shown[token] for token in expected} == expected
    moved = {
        leg["asset"]["contractAddress"].lower(): units(
            Decimal(leg["quantity"]), decimals[leg["asset"]["contractAddress"].lower()]
        )
        for each in (await transactions(its)).values()
        for leg in each["incomingAssets"]
        if leg["asset"]["contractAddress"]
    }
    assert moved == expected
    largest = tokens["2^256 - 1 of no decimals"]
    node.send(PERSON, largest, data=call("transfer(address,uint256)", FRIEND, 1))
    await its.sync_when_due(wallet_id)
    for query in ({}, {"calculatedBalances": "true"}):
        assert (await held(its, decimals, **query))[largest] == 2**256 - 2
    kept = await rows(app, "SELECT max(quantity) AS most FROM ledger_entries")
    assert kept == [{"most": Decimal(2**256 - 1)}]


def test_units_are_exact() -> None:
    """The reading of quantities above is itself exact."""
    assert units(Decimal("1E-18"), 18) == 1
    assert units(Decimal(2**256 - 1), 0) == 2**256 - 1
    assert units(Decimal("1.5"), 18) == 3 * ETHER // 2
    with pytest.raises(AssertionError):
        units(Decimal("1E-19"), 18)
