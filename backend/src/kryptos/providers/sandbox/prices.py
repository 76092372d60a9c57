"""Frozen prices of the world: quarterly anchors, and between them a walk that is the same for everybody.

Invented, like everything here. All arithmetic is on whole numbers; a price is exact to its last digit.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType

from kryptos.kernel.amount import Amount
from kryptos.providers.sandbox.chance import number
from kryptos.providers.sandbox.world_time import HISTORY_BEGINS, WORLD_NOW

_DECIMALS = 12
"""Prices are counted in millionths of a millionth of a dollar."""
_SIGNIFICANT = 8
_DAY = 86_400
_ANCHORS_APART = 7_884_000
"""Seconds: an eighth of the two years."""
_SETTLING = 3 * _DAY
"""The walk comes back to each anchor over that many seconds."""
_WAVES = ((21 * _DAY, 60_000), (5 * _DAY, 30_000), (_DAY, 15_000), (_DAY // 6, 4_000))
"""Length in seconds and height in millionths of each wave that the walk is made of."""
_MILLION = 1_000_000

_ANCHORS: Mapping[str, tuple[str, ...]] = {
    # Nine each: mid 2024, then quarter by quarter to the present of the world.
    "ethereum": ("3380", "2610", "3340", "1820", "2480", "4160", "2970", "2240", "2685"),
    "weth": ("3380", "2610", "3340", "1820", "2480", "4160", "2970", "2240", "2685"),
    "staked-ether": ("3377", "2607", "3339", "1818", "2479", "4158", "2968", "2238", "2683"),
    "rocket-pool-eth": ("3760", "2920", "3750", "2060", "2820", "4760", "3410", "2590", "3120"),
    "wrapped-bitcoin": ("61400", "63800", "93500", "82600", "107100", "113900", "87600", "74200", "81350"),
    "usd-coin": ("1", "1", "1", "1", "1", "1", "1", "1", "1"),
    "tether": ("1", "1", "1", "1", "1", "1", "1", "1", "1"),
    "dai": ("1", "1", "1", "1", "1", "1", "1", "1", "1"),
    "paypal-usd": ("1", "1", "1", "1", "1", "1", "1", "1", "1"),
    "uniswap": ("9.2", "7.4", "13.3", "5.9", "7.1", "7.9", "5.8", "4.1", "5.35"),
    "aave": ("93", "158", "309", "161", "272", "276", "151", "118", "147.5"),
    "chainlink": ("13.9", "11.8", "20.1", "13.4", "13.3", "21.5", "12.4", "9.8", "12.15"),
    "lido-dao": ("1.92", "1.12", "1.84", "0.89", "0.71", "1.18", "0.58", "0.41", "0.535"),
    "curve-dao-token": ("0.29", "0.27", "0.91", "0.49", "0.52", "0.69", "0.37", "0.31", "0.386"),
    "pepe": (
        "0.0000112",
        "0.0000097",
        "0.0000203",
        "0.0000071",
        "0.0000099",
        "0.0000094",
        "0.0000041",
        "0.0000033",
        "0.00000462",
    ),
    "solana": ("146", "153", "190", "125", "155", "209", "125", "96", "118.4"),
    "msol": ("173", "184", "232", "155", "196", "270", "164", "128", "159.2"),
    "pyth-network": ("0.31", "0.33", "0.35", "0.14", "0.10", "0.155", "0.061", "0.047", "0.0588"),
    "raydium": ("1.71", "1.83", "4.62", "1.72", "2.11", "2.61", "0.97", "0.74", "0.913"),
    "helium": ("3.9", "6.9", "6.1", "2.9", "2.2", "2.4", "1.5", "1.2", "1.37"),
    "render-token": ("7.6", "6.1", "6.9", "3.3", "3.1", "3.4", "1.4", "1.3", "1.62"),
    "popcat": ("0.42", "1.02", "0.71", "0.18", "0.33", "0.23", "0.094", "0.061", "0.0794"),
    "bonk": (
        "0.0000231",
        "0.0000214",
        "0.0000301",
        "0.0000109",
        "0.0000137",
        "0.0000197",
        "0.0000078",
        "0.0000059",
        "0.00000731",
    ),
    "jupiter-exchange-solana": ("0.81", "0.79", "0.86", "0.47", "0.43", "0.44", "0.19", "0.16", "0.205"),
}
_CALM = frozenset({"usd-coin", "tether", "dai", "paypal-usd"})
_CALM_PART = 60
"""A stable coin swings that many times less than the others."""


def sandbox_price(token_id: str, at: datetime) -> Amount | None:
    """Return the price in US dollars at an instant; None for an unknown token and before the history begins.

    After ``WORLD_NOW`` prices stand still, as everything does.
    """
    if token_id not in _ANCHORS or at < HISTORY_BEGINS:
        return None
    return Amount(Decimal((0, tuple(map(int, str(price_units(token_id, at)))), -_DECIMALS)))


def price_units(token_id: str, at: datetime) -> int:
    """Return the price in the smallest unit of prices; raise ``ValueError`` before the history begins."""
    if at < HISTORY_BEGINS:
        message = f"{token_id} has no price before {HISTORY_BEGINS:%Y-%m-%d}"
        raise ValueError(message)
    return _price_units(token_id, int((min(at, WORLD_NOW) - HISTORY_BEGINS).total_seconds()))


@lru_cache(maxsize=4_096)
def _price_units(token_id: str, second: int) -> int:
    anchors = _anchors(token_id)
    index, behind = divmod(second, _ANCHORS_APART)
    if not behind:
        return anchors[index]
    line = (anchors[index] * (_ANCHORS_APART - behind) + anchors[index + 1] * behind) // _ANCHORS_APART
    # Wrapped ether walks as ether does.
    swing = _swing({"weth": "ethereum", "staked-ether": "ethereum"}.get(token_id, token_id), second)
    swing = swing * min(behind, _ANCHORS_APART - behind, _SETTLING) // _SETTLING
    if token_id in _CALM:
        swing //= _CALM_PART
    units = line * (_MILLION + swing) // _MILLION
    spare = int("1" + "0" * max(0, len(str(units)) - _SIGNIFICANT))
    return units // spare * spare


@cache
def _anchors(token_id: str) -> tuple[int, ...]:
    return tuple(int(Decimal(text) * 10**_DECIMALS) for text in _ANCHORS[token_id])


def _swing(token_id: str, second: int) -> int:
    """Return by how many millionths the walk is off the line."""
    total = 0
    for length, height in _WAVES:
        knot, along = divmod(second, length)
        left, right = _knot(token_id, length, height, knot), _knot(token_id, length, height, knot + 1)
        # Smooth in both knots: 3x² - 2x³.
        total += left + (right - left) * (3 * along**2 * length - 2 * along**3) // length**3
    return total


@lru_cache(maxsize=16_384)
def _knot(token_id: str, length: int, height: int, at: int) -> int:
    return number(-height, height, "price", token_id, length, at)


def _today() -> Iterator[tuple[str, tuple[str, str]]]:
    for token_id in _ANCHORS:
        now, before = (sandbox_price(token_id, at) for at in (WORLD_NOW, WORLD_NOW - timedelta(days=1)))
        yield token_id, (str(now), str(before))


SANDBOX_PRICES: Mapping[str, tuple[str, str]] = MappingProxyType(dict(_today()))
"""CoinGecko's id -> the price in US dollars now, and 24 hours before, as decimal texts.

``verse-bitcoin`` is held in the world and has none: it shows what a missing price looks like.
"""
