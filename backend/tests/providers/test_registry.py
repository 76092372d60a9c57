"""The registry: every row of the catalogue builds, settings replace it by name, and no key is in any text."""

import logging
import traceback
from collections import Counter

import httpx
import pytest

from kryptos.catalog import FAMILIES, Chain, ChainUnknown, get_chain, list_chains
from kryptos.infra.http_client.upstream import Upstream
from kryptos.infra.settings import UPSTREAM_VARIABLES, SettingsWrong, load_settings
from kryptos.infra.telemetry.logs import logging_configuration
from kryptos.kernel.mode import Mode
from kryptos.providers.contracts import ChainAdapter, CouldNotLook, NotSupported
from kryptos.providers.registry import Registry, find_wrong_sources
from kryptos.providers.registry.families import FAMILIES_MADE
from kryptos.providers.registry.sources import Source, Sources, variable_of_chain
from tests.providers.toy_upstreams import ToyUpstreams, node_of, rows_of

EVM_ADDRESS = "0x" + "5a" * 20
ADDRESSES = {
    "evm": EVM_ADDRESS,
    "solana": "11111111111111111111111111111111",
    "bitcoin": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "bitcoin-cash": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "dash": "XwnLY9Tf7Zsef8gMGL2fhWA9ZmMjt4KPwg",
    "dogecoin": "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L",
    "litecoin": "LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9",
    "zcash": "t1Hsc1LR8yKnbbe3twRp88p6vFfC5t7DLbs",
}
KEY = "k3y-that-nobody-may-see"
ETHERSCAN = "https://api.etherscan.io/v2/api"


def address_on(row: Chain) -> str:
    return ADDRESSES.get(row.id) or ADDRESSES[row.family]


def every_kind(registry: Registry, chain_id: str) -> list[ChainAdapter]:
    return [
        registry.adapter(chain_id, mode=Mode.PRODUCTION),
        registry.probe(chain_id, mode=Mode.PRODUCTION, seconds=2),
    ]


def sources(upstreams: dict[str, str] | None = None, etherscan_key: str | None = None) -> Sources:
    return Sources(upstreams or {}, etherscan_key=etherscan_key, etherscan_url=ETHERSCAN)


def test_every_family_has_its_adapter() -> None:
    assert set(FAMILIES_MADE) == set(FAMILIES)


def test_every_row_builds_once() -> None:
    registry = ToyUpstreams().registry(etherscan_key=KEY)
    for row in list_chains():
        adapters = every_kind(registry, row.id)
        assert adapters == every_kind(registry, row.id)
        for adapter in adapters:
            assert adapter.normalise_address(address_on(row))


async def test_every_row_is_asked_where_its_variable_says_and_shows_no_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A key may stand in the name, the path or the query of an address: nothing that comes of it shows one."""
    caplog.set_level(logging.DEBUG)
    upstreams = {}
    for row in list_chains():
        kind = {"utxo": Source.BLOCKBOOK if row.blockbook_urls else Source.ESPLORA}.get(
            row.family, Source.RPC
        )
        upstreams[variable_of_chain(kind, row.id)] = (
            f"https://user:{KEY}@first.{row.id}/{KEY}?key={KEY}, https://second.{row.id}/{KEY}"
        )
        if row.family == "utxo":
            others = {Source.BLOCKBOOK, Source.ESPLORA} - {kind}
            upstreams |= {variable_of_chain(other, row.id): "none" for other in others}
    toys = ToyUpstreams()
    registry = toys.registry(upstreams)
    for row in list_chains():
        for adapter in every_kind(registry, row.id):
            toys.asked.clear()
            with pytest.raises(CouldNotLook) as caught:
                await adapter.has_activity(address_on(row))
            assert list(dict.fromkeys(toys.hosts)) == [f"first.{row.id}", f"second.{row.id}"]
            shown = caught.value.message + repr(caught.value) + repr(adapter)
            assert KEY not in shown
            assert row.public_name in caught.value.message
    assert KEY not in repr(registry)
    levels = logging_configuration(load_settings({"KRYPTOS_LOG_LEVEL": "debug"}))["loggers"]
    quietest = {name: logging.getLevelName(logger["level"]) for name, logger in levels.items()}
    logged = [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= quietest.get(record.name.partition(".")[0], 0)
    ]
    assert KEY not in "".join(logged)


async def test_errors_that_are_logged_with_their_causes_show_no_key() -> None:
    registry = ToyUpstreams().registry({"KRYPTOS_RPC_BASE": f"https://node.example/{KEY}"})
    with pytest.raises(CouldNotLook) as caught:
        await registry.adapter("base", mode=Mode.PRODUCTION).balances(EVM_ADDRESS)
    own = [line for line in traceback.format_exception(caught.value) if "no way to" not in line]
    assert KEY not in "".join(own)  # the one line left out is the transport's of this test


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("KRYPTOS_RPC_ETHERIUM", f"https://x/{KEY}", "Do you mean Ethereum, KRYPTOS_RPC_ETHEREUM?"),
        ("KRYPTOS_RPC_ETH", f"https://x/{KEY}", "Do you mean Ethereum, KRYPTOS_RPC_ETHEREUM?"),
        ("KRYPTOS_RPC_ethereum", f"https://x/{KEY}", "Do you mean Ethereum, KRYPTOS_RPC_ETHEREUM?"),
        ("KRYPTOS_BLOCKBOOK_LITECOINS", f"https://x/{KEY}", "KRYPTOS_BLOCKBOOK_LITECOIN?"),
        ("KRYPTOS_RPC_QQQQZZZZ", f"https://x/{KEY}", "no such chain"),
        ("KRYPTOS_RPC_BITCOIN", f"https://x/{KEY}", "set KRYPTOS_ESPLORA_BITCOIN"),
        ("KRYPTOS_ESPLORA_ETHEREUM", f"https://x/{KEY}", "set KRYPTOS_RPC_ETHEREUM"),
        ("KRYPTOS_RPC_ETHEREUM", f"ftp://x/{KEY}", "number 1 of 1"),
        ("KRYPTOS_RPC_ETHEREUM", f"https://x,//x/{KEY}", "number 2 of 2"),
        ("KRYPTOS_RPC_ETHEREUM", f"https://x/a b{KEY}", "http:// or https://"),
        ("KRYPTOS_RPC_ETHEREUM", f"https://x:0x1/{KEY}", "http:// or https://"),
        ("KRYPTOS_RPC_ETHEREUM", f"https://[::1/{KEY}", "http:// or https://"),
        ("KRYPTOS_RPC_ETHEREUM", f"https:///{KEY}", "http:// or https://"),
        ("KRYPTOS_RPC_ETHEREUM", f"none,https://x/{KEY}", "'none' alone"),
        ("KRYPTOS_RPC_ETHEREUM", " , ", "names nobody"),
        ("KRYPTOS_NOTHING_ETHEREUM", f"https://x/{KEY}", "no setting that names servers"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(variable: str, value: str, words: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        ToyUpstreams().registry({"KRYPTOS_RPC_POLYGON": "https://fine.example", variable: value})
    assert wrong.value.message.startswith(variable)
    assert words in wrong.value.message
    assert KEY not in wrong.value.message


def test_every_wrong_variable_is_found() -> None:
    findings = list(
        find_wrong_sources({"KRYPTOS_RPC_A-B": "x", "KRYPTOS_RPC_BASE": "x"}, etherscan_url=f"x/{KEY}")
    )
    named = ["KRYPTOS_RPC_A-B", "KRYPTOS_RPC_BASE", "KRYPTOS_ETHERSCAN_URL"]
    assert [finding.split()[0].rstrip(":") for finding in findings] == named
    assert KEY not in "".join(findings)


def test_a_chain_that_is_not_there() -> None:
    with pytest.raises(ChainUnknown):
        ToyUpstreams().registry().adapter("etherium", mode=Mode.PRODUCTION)


@pytest.mark.parametrize(
    "chain_id", [row.id for row in (*rows_of("utxo"), *rows_of("solana"))] + ["arbitrum-nova"]
)
def test_with_no_source_at_all_the_setting_is_named(chain_id: str) -> None:
    switched_off = {}
    row = get_chain(chain_id)
    for prefix in UPSTREAM_VARIABLES:
        variable = prefix + chain_id.upper().replace("-", "_")
        if not list(find_wrong_sources({variable: "none"}, etherscan_url=ETHERSCAN)):
            switched_off[variable] = " none "
    toys = ToyUpstreams()
    registry = toys.registry(switched_off)
    with pytest.raises(CouldNotLook) as caught:
        registry.adapter(chain_id, mode=Mode.PRODUCTION)
    assert row.public_name in caught.value.message
    assert any(variable in caught.value.message for variable in switched_off)
    assert toys.asked == []


async def test_the_second_node_is_asked_when_the_first_is_away() -> None:
    base = get_chain("base")
    toys = ToyUpstreams({"second.example": node_of(base)})
    registry = toys.registry({"KRYPTOS_RPC_BASE": "https://first.example,https://second.example"})
    assert await registry.adapter("base", mode=Mode.PRODUCTION).has_activity(EVM_ADDRESS)
    assert toys.hosts == ["first.example"] * 3 + ["second.example"]


async def test_a_hurried_probe_leaves_the_circuit_of_the_sync_alone() -> None:
    base = get_chain("base")
    toys = ToyUpstreams()
    registry = toys.registry({"KRYPTOS_RPC_BASE": "https://node.example"})
    probe = registry.probe("base", mode=Mode.PRODUCTION, seconds=2)
    for _ in range(6):
        with pytest.raises(CouldNotLook):
            await probe.has_activity(EVM_ADDRESS)
    assert len(toys.asked) == 5  # asked once each time, and then left alone
    toys.nodes["node.example"] = node_of(base)
    assert await registry.adapter("base", mode=Mode.PRODUCTION).has_activity(EVM_ADDRESS)
    assert toys.slept == []


def test_every_server_has_a_name_of_its_own() -> None:
    found = sources(etherscan_key=KEY)
    servers: list[Upstream] = [
        upstream
        for row in list_chains()
        for kind, upstreams in found.servers(row).items()
        for upstream in upstreams
        if kind not in {Source.ETHERSCAN, Source.ROUTESCAN}
    ]
    assert len(servers) > 700
    assert Counter(server.name for server in servers).most_common(1)[0][1] == 1
    assert found.servers(get_chain("ethereum"))[Source.RPC][0].name == "Ethereum node 1"


def test_indexers_of_many_chains_have_one_budget() -> None:
    found = sources({"KRYPTOS_ROUTESCAN_BASE": "https://mine.example"}, etherscan_key=KEY)
    shared = [found.servers(get_chain(chain_id)) for chain_id in ("ethereum", "optimism")]
    for kind, name, calls in ((Source.ETHERSCAN, "Etherscan", 3), (Source.ROUTESCAN, "Routescan", 2)):
        upstreams = [servers[kind][0] for servers in shared]
        assert {(each.name, each.requests_per_window, each.window_seconds) for each in upstreams} == {
            (name, calls, 1)
        }
    (own,) = found.servers(get_chain("base"))[Source.ROUTESCAN]
    assert (own.name, own.base_url) == ("Base Routescan 1", "https://mine.example")


def test_etherscan_is_asked_with_a_key_alone_and_never_shows_it() -> None:
    assert Source.ETHERSCAN not in sources().servers(get_chain("ethereum"))
    keyed = Sources({}, etherscan_key=f"{KEY}&x", etherscan_url="https://proxy.example/api?a=b")
    (etherscan,) = keyed.servers(get_chain("ethereum"))[Source.ETHERSCAN]
    assert dict(httpx.URL(etherscan.base_url).params) == {"a": "b", "apikey": f"{KEY}&x"}
    assert KEY not in repr(etherscan) + etherscan.shown
    assert Source.ETHERSCAN not in keyed.servers(get_chain("0g"))  # the catalogue knows of none there


async def test_the_sandbox_asks_its_own_ends_alone() -> None:
    base = get_chain("base")
    toys = ToyUpstreams({"base.sandbox": node_of(base)})
    registry = toys.registry(
        {"KRYPTOS_RPC_BASE": "https://real.example"},
        sandbox_nodes={"base": "https://base.sandbox/rpc", "bitcoin": "https://bitcoin.sandbox"},
    )
    assert await registry.adapter("base", mode=Mode.SANDBOX).has_activity(EVM_ADDRESS)
    with pytest.raises(CouldNotLook):
        await registry.adapter("bitcoin", mode=Mode.SANDBOX).has_activity(ADDRESSES["bitcoin"])
    assert set(toys.hosts) == {"base.sandbox", "bitcoin.sandbox"}
    for refused in (registry.adapter, lambda chain, mode: registry.probe(chain, mode=mode, seconds=2)):
        with pytest.raises(NotSupported, match="The sandbox has no Polygon"):
            refused("polygon", mode=Mode.SANDBOX)
    assert [row.id for row in registry.chains(mode=Mode.SANDBOX)] == ["base", "bitcoin"]
    assert registry.chains(mode=Mode.PRODUCTION) == list_chains()


async def test_production_never_asks_the_sandbox() -> None:
    toys = ToyUpstreams({"base.sandbox": node_of(get_chain("base"))})
    registry = toys.registry(
        {"KRYPTOS_RPC_BASE": "https://real.example"}, sandbox_nodes={"base": "https://base.sandbox"}
    )
    assert await registry.adapter("base", mode=Mode.SANDBOX).has_activity(EVM_ADDRESS)
    with pytest.raises(CouldNotLook):
        await registry.adapter("base", mode=Mode.PRODUCTION).has_activity(EVM_ADDRESS)
    assert set(toys.hosts[1:]) == {"real.example"}
