"""Quantities in stories: ``1.5 ETH`` to smallest units and back through prices, exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kryptos.kernel.amount import Amount
from kryptos.providers.sandbox.prices import price_units


@dataclass(frozen=True, slots=True)
class Asset:
    """A coin or token of the world, with its real contract or mint; the native coin has none."""

    symbol: str
    """As stories write it, in capitals."""
    contract: str | None
    decimals: int
    market: str | None = None
    """Whose price stories reckon with, by CoinGecko's id; None where quantities are always written out."""
    name: str = ""
    own_symbol: str = ""
    """As its contract tells it, where that differs from ``symbol``."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Smallest units of an asset."""

    asset: Asset
    units: int


def quantity(text: str, assets: Mapping[str, Asset]) -> Quantity:
    """Return what ``1.5 ETH`` means; raise ``ValueError`` for more decimals than the asset has."""
    count, symbol = text.split()
    asset = assets[symbol]
    units = Amount(count) * Amount(Decimal((0, (1,), asset.decimals)))
    if units.decimal != units.decimal.to_integral_value():
        message = f"{text}: {symbol} has {asset.decimals} decimals"
        raise ValueError(message)
    return Quantity(asset, int(units.decimal))


def exchanged(given: Quantity, asset: Asset, at: datetime, *, kept_permille: int = 997) -> Quantity:
    """Return what a quantity buys at the prices of that time, less the pool's fee, rounded down."""
    if given.asset.market is None or asset.market is None:
        message = (
            f"{given.asset.symbol} for {asset.symbol}: there is no price, so the story must name the quantity"
        )
        raise ValueError(message)
    worth = given.units * price_units(given.asset.market, at) * kept_permille * 10**asset.decimals
    return Quantity(asset, worth // (price_units(asset.market, at) * 1000 * 10**given.asset.decimals))


def bought(given: Quantity, get: str, assets: Mapping[str, Asset], at: datetime) -> Quantity:
    """Return what was got for something: a quantity that is written out, or a symbol's worth at that time."""
    return quantity(get, assets) if " " in get else exchanged(given, assets[get], at)
