"""The trader: sessions of quick swaps, some of them within one block, until a thousand transactions are passed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from kryptos.providers.sandbox.chance import number
from kryptos.providers.sandbox.ethereum.assets import ASSETS
from kryptos.providers.sandbox.ethereum.deeds import (
    Deed,
    Payout,
    approve,
    receive,
    send,
    swap,
    swap_fails,
    unwrap_units,
)
from kryptos.providers.sandbox.quantities import exchanged, quantity
from kryptos.providers.sandbox.world_time import instant, written

_TRADED = ("USDC", "LINK", "PEPE", "UNI", "WBTC")
_SESSIONS = 130
_ROUNDS = 4
_BETWEEN_SESSIONS = timedelta(days=5, hours=9)


def story(seed: int) -> Sequence[Deed | Payout]:
    """Return what it did, oldest first; the seed says how large each trade was."""
    return (
        receive("2024-07-20 06:00", "42 ETH"),
        *(approve(f"2024-07-20 07:0{at}", symbol) for at, symbol in enumerate(_TRADED)),
        *(deed for index in range(_SESSIONS) for deed in _session(seed, index)),
        swap_fails("2026-06-25 09:30", "3 ETH"),
        send("2026-06-26 20:00", "5 ETH"),
    )


def _session(seed: int, index: int) -> Iterator[Deed]:
    """Buy and sell one token a few times; what it was sold for comes wrapped, and is unwrapped in the end."""
    symbol = _TRADED[index % len(_TRADED)]
    start = instant("2024-07-21 09:00") + index * _BETWEEN_SESSIONS
    wrapped = 0
    for each in range(_ROUNDS):
        at = start + timedelta(minutes=7 * each, seconds=number(0, 90, seed, "trader", index, each))
        given = f"{number(100, 900, seed, 'trade', index, each)}e-3 ETH"
        bought_units = exchanged(quantity(given, ASSETS), ASSETS[symbol], at).units
        yield swap(written(at), given, symbol)
        sold = f"{bought_units * number(960, 1000, seed, 'sold', index, each) // 1000}e-{ASSETS[symbol].decimals}"
        sold_at = at + timedelta(seconds=number(5, 60, seed, "patience", index, each))
        selling = swap(written(sold_at), f"{sold} {symbol}", "WETH")
        wrapped += selling.moves[-1].units
        yield selling
    yield unwrap_units(_end(start), wrapped)


def _end(start: datetime) -> datetime:
    return start + timedelta(minutes=7 * _ROUNDS, seconds=30)
