"""Chance of the world: numbers that look drawn, and are the same whenever the same question is asked."""

import hashlib


def digest(*names: object) -> bytes:
    """Return 32 bytes that belong to the names and to nothing else."""
    return hashlib.sha256("\x1f".join(map(str, names)).encode()).digest()


def number(low: int, high: int, *names: object) -> int:
    """Return a whole number from ``low`` to ``high``, both included."""
    return low + int.from_bytes(digest(*names)[:16], "big") % (high - low + 1)
