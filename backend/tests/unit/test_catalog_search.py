"""Search over all providers: aliases, symbols, beginnings, typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos import catalog
from kryptos.catalog.search import _distance


def first(text: str) -> str:
    found = catalog.search_providers(text, 1)
    return found[0].id if found else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bnb", "bsc"),
        ("bsc", "bsc"),
        ("BNB Smart Chain", "bsc"),
        ("binance smart chain", "bsc"),
        ("matic", "polygon"),
        ("Polygon", "polygon"),
        ("eth", "ethereum"),
        ("btc", "bitcoin"),
        ("doge", "dogecoin"),
        ("avax c-chain", "avalanche"),
        ("C-Chain", "avalanche"),
        ("arb", "arbitrum"),
        ("arbitrum one", "arbitrum"),
        ("op mainnet", "optimism"),
        ("xdai", "gnosis"),
        ("klaytn", "kaia"),
        ("meta mask", "metamask"),
        ("MetaMask", "metamask"),
        ("gnosis safe", "safe"),
        ("mew", "my-ether-wallet"),
        ("  sol  ", "solana"),
    ],
)
def test_names_that_people_use(text: str, expected: str) -> None:
    assert first(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metmask", "metamask"),
        ("metamsak", "metamask"),
        ("polygn", "polygon"),
        ("ledgre", "ledger"),
        ("phantm", "phantom"),
        ("etherium", "ethereum"),
        ("bitcion", "bitcoin"),
        ("arbitrm", "arbitrum"),
        ("avalnche", "avalanche"),
        ("ethereun clasic", "ethereum-classic"),
        ("sölana", "solana"),
    ],
)
def test_typing_errors(text: str, expected: str) -> None:
    assert first(text) == expected


def test_while_it_is_typed() -> None:
    for length in range(4, len("polygon") + 1):
        assert "polygon" in {each.id for each in catalog.search_providers("polygon"[:length], 5)}


def test_a_symbol_finds_every_chain_that_pays_with_it() -> None:
    found = catalog.search_providers("ETH", 200)
    assert {"ethereum", "base", "arbitrum", "optimism", "linea"} <= {each.id for each in found}


def test_what_is_not_there() -> None:
    assert catalog.search_providers("qqqqqqqq") == ()
    assert catalog.search_providers("🦊") == catalog.list_providers()[:20]
    assert catalog.search_providers("", 5) == catalog.list_providers()[:5]
    assert catalog.search_providers("bnb", 0) == ()


@given(st.text(max_size=150))
def test_any_text_has_one_answer(text: str) -> None:
    found = catalog.search_providers(text, 10)
    assert len(found) <= 10
    assert found == catalog.search_providers(text, 10)


@given(st.sampled_from(catalog.list_providers()))
def test_every_provider_is_found_by_its_names(provider: catalog.Provider) -> None:
    """By a whole name first of all; two may share a symbol, which then finds both."""
    for name in (provider.id, provider.public_name, *provider.aliases):
        assert catalog.search_providers(name, 1) == (provider,), name


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("", "", 0),
        ("ab", "ba", 1),
        ("abc", "abd", 1),
        ("abc", "ab", 1),
        ("ab", "xaby", 1),
        ("abc", "abcdef", 0),
    ],
)
def test_errors_between_a_word_and_a_beginning(one: str, two: str, expected: int) -> None:
    assert _distance(one, two) == expected
