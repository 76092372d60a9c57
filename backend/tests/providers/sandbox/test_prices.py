"""Frozen prices: exact, the same for everybody, without gaps and without jumps."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.catalog import find_token, get_chain
from kryptos.kernel.amount import Amount
from kryptos.providers.sandbox import SANDBOX_PRICES, WORLD_NOW, sandbox_price
from kryptos.providers.sandbox.ethereum.assets import ASSETS as ETHEREUM
from kryptos.providers.sandbox.solana.assets import ASSETS as SOLANA
from kryptos.providers.sandbox.world_time import HISTORY_BEGINS

STABLE = {"usd-coin", "tether", "dai", "paypal-usd"}
instants = st.datetimes(HISTORY_BEGINS.replace(tzinfo=None), WORLD_NOW.replace(tzinfo=None)).map(
    lambda at: at.replace(tzinfo=WORLD_NOW.tzinfo)
)


def test_prices_of_today_and_of_the_day_before_are_those_of_the_history() -> None:
    for token_id, (now, before) in SANDBOX_PRICES.items():
        assert sandbox_price(token_id, WORLD_NOW) == Amount(now)
        assert sandbox_price(token_id, WORLD_NOW - timedelta(days=1)) == Amount(before)
    assert SANDBOX_PRICES["ethereum"] == ("2685", "2641.1435")


def test_there_is_no_price_before_the_beginning_and_none_of_the_unknown() -> None:
    assert sandbox_price("ethereum", HISTORY_BEGINS) == Amount(3380)
    assert sandbox_price("ethereum", HISTORY_BEGINS - timedelta(microseconds=1)) is None
    assert sandbox_price("no-such-coin", WORLD_NOW) is None


def test_prices_stand_still_after_the_present_of_the_world() -> None:
    assert sandbox_price("solana", WORLD_NOW + timedelta(days=300)) == Amount(SANDBOX_PRICES["solana"][0])


@given(st.sampled_from(sorted(SANDBOX_PRICES)), instants)
def test_prices_are_positive_and_move_little_within_a_minute(token_id: str, at: datetime) -> None:
    before, after = (sandbox_price(token_id, each) for each in (at, at + timedelta(minutes=1)))
    assert before is not None
    assert after is not None
    assert before > Amount(0)
    assert Amount("0.999") < after / before < Amount("1.001")


@given(st.sampled_from(sorted(STABLE)), instants)
def test_stable_coins_are_worth_about_a_dollar(token_id: str, at: datetime) -> None:
    price = sandbox_price(token_id, at)
    assert price is not None
    assert Amount("0.995") < price < Amount("1.005")


@given(instants)
def test_wrapped_ether_walks_as_ether_does(at: datetime) -> None:
    assert sandbox_price("weth", at) == sandbox_price("ethereum", at)


@pytest.mark.parametrize("chain_id", ["ethereum", "solana"])
def test_tokens_are_named_as_the_catalogue_names_them(chain_id: str) -> None:
    native, assets = get_chain(chain_id).native, {"ethereum": ETHEREUM, "solana": SOLANA}[chain_id]
    known = 0
    for asset in assets.values():
        if asset.contract is None:
            assert (asset.symbol, asset.decimals, asset.market) == (
                native.symbol,
                native.decimals,
                native.token_id,
            )
            continue
        token = find_token(chain_id, asset.contract)
        if token is None:
            continue
        known += 1
        assert token.symbol.upper() == asset.symbol
        assert token.decimals in {None, asset.decimals}
        if asset.market is not None:
            assert token.token_id in {None, asset.market}
    assert known >= 8


def test_one_asset_of_the_catalogue_has_no_price() -> None:
    verse = find_token("ethereum", ETHEREUM["VERSE"].contract or "")
    assert verse is not None
    assert verse.token_id == "verse-bitcoin"
    assert verse.token_id not in SANDBOX_PRICES
    assert sandbox_price(verse.token_id, WORLD_NOW) is None
    priced = {asset.market for asset in (*ETHEREUM.values(), *SOLANA.values()) if asset.market}
    assert priced == SANDBOX_PRICES.keys()
