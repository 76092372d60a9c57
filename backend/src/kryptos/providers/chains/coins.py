"""Coins: from the whole numbers that chains count in to amounts."""

from decimal import Decimal

from kryptos.kernel.amount import Amount


def amount_of(units: int, decimals: int) -> Amount:
    """Return whole coins from smallest units, exactly: ``amount_of(1, 18)`` is 0.000000000000000001."""
    return Amount(Decimal((0, tuple(map(int, str(units))), -decimals)))
