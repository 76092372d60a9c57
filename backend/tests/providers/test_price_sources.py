"""Which price sources there are: those with an address, with the key in its place and the catalogue's symbols."""

import httpx
import pytest

from kryptos.catalog import list_chains, list_tokens
from kryptos.providers.prices.fetching import fetch_current
from kryptos.providers.prices.markets import SYMBOLS
from kryptos.providers.prices.sources import open_sources
from tests.providers.price_servers import (
    BASE_URLS,
    KEY,
    NOW,
    PriceServers,
    reply,
)


async def test_a_source_without_an_address_is_left_out() -> None:
    servers = PriceServers()
    some = open_sources(servers.client(), base_urls={"kraken": BASE_URLS["kraken"], "coinbase": ""})
    assert [source.name for source in some] == ["kraken"]
    without = open_sources(servers.client(), base_urls=BASE_URLS | {"coinbase": "", "kraken": ""})
    assert [source.name for source in without] == ["defillama", "coingecko", "binance"]
    fetched = await fetch_current([without[-1]], ["bitcoin"], now=NOW)
    assert fetched.unknown == {"bitcoin"}  # nobody is left who could price tether


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("http://coingecko.test/api/v3", "x-cg-demo-api-key"),
        ("https://pro-api.coingecko.test/api/v3", "x-cg-pro-api-key"),
    ],
)
async def test_the_key_goes_into_the_header_of_its_plan_and_nowhere_else(url: str, header: str) -> None:
    sent: list[httpx.Request] = []
    servers = PriceServers()

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return reply({})

    servers.handle = answer  # type: ignore[method-assign]
    (source,) = open_sources(servers.client(), base_urls={"coingecko": url}, coingecko_key=KEY)
    await source.current(["bitcoin"], now=NOW)
    assert sent[0].headers[header] == KEY
    assert KEY not in str(sent[0].url)
    assert KEY not in repr(source)


def test_the_well_known_sources_are_asked_at_their_own_addresses() -> None:
    hosts = [
        source.upstream.host
        for source in open_sources(PriceServers().client())
        if hasattr(source, "upstream")
    ]
    assert hosts == ["coins.llama.fi", "api.coingecko.com"]


def test_symbols_are_those_of_the_catalogue() -> None:
    known = {chain.native.token_id: chain.native.symbol for chain in list_chains()}
    for chain in list_chains():
        if chain.rank is not None:
            known.update({token.token_id: token.symbol for token in list_tokens(chain.id)})
    checked = {token for token in SYMBOLS if token in known}
    assert len(checked) > 20
    assert {token: known[token].upper() for token in checked} == {token: SYMBOLS[token] for token in checked}
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)
