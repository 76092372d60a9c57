"""Balances of a real node's accounts: native coin, tokens and liquidity, exact, in few calls."""

import pytest

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.evm import EvmLimits, KnownToken
from kryptos.providers.contracts import Balances, Standard
from tests.providers.evm.anvil import Anvil
from tests.providers.evm.contracts import (
    MULTICALL3,
    announce,
    deploy_token,
    mint,
    odd_token,
    place_multicall3,
    units_held,
)
from tests.providers.evm.reading import CountingTransport, adapter_over, chain_row

HOLDER = "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa"
MOST = 2**256 - 1


def by_symbol(balances: Balances) -> dict[str | None, str]:
    return {item.asset.symbol: str(item.quantity) for item in balances.items}


async def test_hundred_tokens_take_at_most_ten_calls(node: Anvil, wire: CountingTransport) -> None:
    place_multicall3(node)
    holder = node.person(HOLDER, ether=1)
    first = deploy_token(node, "Token", "TOK", 6)
    code = node.rpc("eth_getCode", first, "latest")
    tokens = [f"0x{number:040x}" for number in range(0xAAAA0000, 0xAAAA0000 + 100)]
    for number, token in enumerate(tokens):
        node.rpc("anvil_setCode", token, code)
        mint(node, token, holder, 10**18 + number)
    adapter = adapter_over(wire, node.url, row=chain_row(multicall3=MULTICALL3))
    balances = await adapter.balances(holder)
    assert wire.total <= 10, wire.calls
    assert {
        str(item.asset.contract).lower(): item.quantity for item in balances.items if item.asset.contract
    } == {token: Amount(10**18 + number) for number, token in enumerate(tokens)}
    assert balances.height == node.number("eth_blockNumber")
    assert balances.gaps == ()


@pytest.mark.parametrize("is_searched", [True, False])
async def test_hundred_tokens_that_history_named_take_at_most_ten_calls(
    node: Anvil, wire: CountingTransport, is_searched: bool
) -> None:
    place_multicall3(node)
    holder = node.person(HOLDER, ether=1)
    code = node.rpc("eth_getCode", deploy_token(node, "Token", "TOK", 6), "latest")
    tokens = [f"0x{number:040x}" for number in range(0xAAAA0000, 0xAAAA0000 + 100)]
    for number, token in enumerate(tokens):
        node.rpc("anvil_setCode", token, code)
        if number % 2:
            mint(node, token, holder, 10**18 + number)
    if not is_searched:
        refusal: dict[str, object] = {
            "error": {"code": -32601, "message": "the method eth_getLogs does not exist"}
        }
        wire.interfere = lambda call: refusal if call["method"] == "eth_getLogs" else None
    adapter = adapter_over(wire, node.url, row=chain_row(multicall3=MULTICALL3))
    named = [token.upper().replace("X", "x") for token in tokens]
    balances = await adapter.balances(holder, known_contracts=named)
    assert wire.total <= 10, wire.calls
    assert [str(item.asset.contract).lower() for item in balances.items if item.asset.contract] == tokens[
        1::2
    ]
    assert len(balances.gaps) == (not is_searched)


async def test_named_contract_that_tells_no_balance_is_told(node: Anvil, wire: CountingTransport) -> None:
    holder = node.person(HOLDER, ether=1)
    nobody = "0x00000000000000000000000000000000000f21Ed"
    balances = await adapter_over(wire, node.url).balances(holder, known_contracts=[nobody])
    assert balances.gaps == (f"Contracts that do not tell a balance: {nobody}.",)
    assert balances.silent == (nobody,)
    assert by_symbol(balances) == {"ETH": "1"}


@pytest.mark.parametrize("way", ["multicall3", "program", "address of multicall3 is empty", "one by one"])
async def test_every_way_of_reading_contracts_gives_the_same(
    node: Anvil, wire: CountingTransport, way: str
) -> None:
    if way == "multicall3":
        place_multicall3(node)
    if way == "one by one":
        wire.interfere = lambda call: (
            {"error": {"code": -32602, "message": "missing to"}}
            if call["method"] == "eth_call" and "to" not in call["params"][0]  # type: ignore[index]
            else None
        )
    holder = node.person(HOLDER, ether=3)
    for symbol, decimals, units in (("ONE", 18, 1), ("BIG", 0, MOST), ("NON", 18, 10**48)):
        mint(node, deploy_token(node, f"Token {symbol}", symbol, decimals), holder, units)
    row = chain_row(multicall3=None if way in {"program", "one by one"} else MULTICALL3)
    balances = await adapter_over(wire, node.url, row=row).balances(holder)
    assert by_symbol(balances) == {
        "ETH": "3",
        "ONE": "0.000000000000000001",
        "BIG": str(MOST),
        "NON": "1" + "0" * 30,
    }
    assert {item.asset.standard for item in balances.items} == {Standard.NATIVE, Standard.ERC20}


async def test_tokens_that_lie_are_named_and_harm_nobody(node: Anvil, wire: CountingTransport) -> None:
    place_multicall3(node)
    holder = node.person(HOLDER, ether=1)
    word = (7).to_bytes(32, "big")
    odd: dict[str, dict[str, bytes | None]] = {
        "old": {"balanceOf(address)": word, "decimals()": word, "symbol()": b"MKR".ljust(32, b"\0")},
        "too many decimals": {"balanceOf(address)": word, "decimals()": (200).to_bytes(32, "big")},
        "no decimals": {"balanceOf(address)": word, "decimals()": b""},
        "burns gas": {"balanceOf(address)": None},
        "nothing": {},
        "bad text": {
            "balanceOf(address)": word,
            "decimals()": word,
            "symbol()": b"\xff" * 32,
            "name()": b"\x11" * 96,
        },
    }
    at = {
        what: odd_token(node, f"0x{0xBB00 + number:040x}", answers)
        for number, (what, answers) in enumerate(odd.items())
    }
    for token in at.values():
        announce(node, token, holder, 5)
    good = deploy_token(node, "Good", "GOOD", 2)
    mint(node, good, holder, 123)
    for row in (chain_row(multicall3=MULTICALL3), chain_row()):
        balances = await adapter_over(wire, node.url, row=row).balances(holder)
        found = {str(item.asset.contract).lower(): item for item in balances.items if item.asset.contract}
        assert {token: str(item.quantity) for token, item in found.items()} == {
            at["old"]: "0.0000007",
            at["bad text"]: "0.0000007",
            good: "1.23",
        }
        assert found[at["old"]].asset.symbol == "MKR"
        assert found[at["bad text"]].asset.symbol is None
        told = " ".join(balances.gaps).lower()
        assert all(at[what] in told for what in ("too many decimals", "no decimals", "burns gas", "nothing"))
        assert at["old"] not in told


async def test_catalogue_stands_in_where_the_search_is_refused(node: Anvil, wire: CountingTransport) -> None:
    holder = node.person(HOLDER, ether=1)
    known, unknown = (deploy_token(node, name, name, 3) for name in ("KNOWN", "UNKNOWN"))
    for token in (known, unknown):
        mint(node, token, holder, 1500)
    wire.interfere = lambda call: (
        {"error": {"code": -32601, "message": "the method eth_getLogs does not exist"}}
        if call["method"] == "eth_getLogs"
        else None
    )
    adapter = adapter_over(wire, node.url, known=[KnownToken(known)])
    balances = await adapter.balances(holder)
    assert by_symbol(balances) == {"ETH": "1", "KNOWN": "1.5"}
    assert "catalogue" in balances.gaps[0]


async def test_node_that_searches_few_blocks_is_asked_for_few(node: Anvil, wire: CountingTransport) -> None:
    holder = node.person(HOLDER, ether=1)
    tokens = [deploy_token(node, "Token", f"T{number}", 0) for number in range(3)]
    for token in tokens:
        mint(node, token, holder, 9)
        node.rpc("anvil_mine", hex(200))
    widest = []

    def refuse_wide(call: dict[str, object]) -> dict[str, object] | None:
        if call["method"] != "eth_getLogs":
            return None
        searched = call["params"][0]  # type: ignore[index]
        blocks = int(searched["toBlock"], 16) - int(searched["fromBlock"], 16) + 1
        if blocks > 100:
            return {"error": {"code": -32000, "message": "eth_getLogs is limited to a 100 block range"}}
        widest.append(blocks)
        return None

    wire.interfere = refuse_wide
    balances = await adapter_over(wire, node.url).balances(holder)
    assert by_symbol(balances) == {"ETH": "1", "T0": "9", "T1": "9", "T2": "9"}
    assert max(widest) == 100
    assert wire.calls["eth_getLogs"] < 2 * 10
    few = EvmLimits(discovery_log_calls=4)
    balances = await adapter_over(wire, node.url, limits=few).balances(holder)
    assert "catalogue" in balances.gaps[0]
    assert by_symbol(balances) == {"ETH": "1"}


async def test_nothing_there_is_an_answer(node: Anvil, wire: CountingTransport) -> None:
    adapter = adapter_over(wire, node.url)
    assert (await adapter.balances(HOLDER)).items == ()
    assert not await adapter.has_activity(HOLDER)
    node.person(HOLDER, ether=1)
    wire.reset()
    assert await adapter.has_activity(HOLDER)
    assert wire.total == 3
    assert units_held(node, deploy_token(node, "T", "T", 1), HOLDER) == 0
