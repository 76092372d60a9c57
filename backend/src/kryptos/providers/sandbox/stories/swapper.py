"""The Solana swapper: buys tokens for coins and sells them again, day after day, past a thousand transactions."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from kryptos.providers.sandbox.chance import number
from kryptos.providers.sandbox.quantities import Quantity, exchanged, quantity
from kryptos.providers.sandbox.solana.assets import ASSETS, SOL
from kryptos.providers.sandbox.solana.deeds import (
    Deed,
    persona,
    receive,
    send,
    swap_fails,
    swapped,
)
from kryptos.providers.sandbox.world_time import instant, written

_TRADED = ("USDC", "BONK", "JUP", "POPCAT", "RAY", "PYTH", "RNDR")
_ROUNDS = 540
_BETWEEN_ROUNDS = timedelta(hours=31, minutes=17)
_SLIPS_EVERY = 45


def story(seed: int) -> Sequence[Deed]:
    """Return what it did, oldest first; the seed says how large each trade was."""
    return (
        receive("2024-07-17 12:00", "85 SOL"),
        *(deed for index in range(_ROUNDS) for deed in _round(seed, index)),
        send("2026-06-27 18:20", "10 SOL", persona("saver")),
    )


def _round(seed: int, index: int) -> Iterator[Deed]:
    """Buy a token and sell most of it again; now and then the price runs away before."""
    token = ASSETS[_TRADED[index % len(_TRADED)]]
    at = instant("2024-07-18 07:30") + index * _BETWEEN_ROUNDS
    given = quantity(f"{number(50, 1500, seed, 'swap', index)}e-3 SOL", ASSETS)
    got = exchanged(given, token, at)
    if index % _SLIPS_EVERY == _SLIPS_EVERY - 1:
        yield swap_fails(written(at - timedelta(minutes=1)), token.symbol)
    yield swapped(at, given, got)
    sold = Quantity(token, got.units * number(970, 999, seed, "sold", index) // 1000)
    later = at + timedelta(minutes=number(3, 300, seed, "patience", index))
    yield swapped(later, sold, exchanged(sold, SOL, later))
