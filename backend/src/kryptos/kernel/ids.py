"""Identifiers: ``<prefix>_<32 hex digits of a UUIDv7>``, sortable by time of creation (RFC 9562, section 5.7)."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

RandomBytes = Callable[[int], bytes]
system_random: RandomBytes = os.urandom

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7_hex(now: datetime, random_bytes: RandomBytes, *, place: int = 0) -> str:
    """Return the 32 hex digits of a UUIDv7 that sorts by ``now``, and within one instant by ``place`` (0 to 255).

    48 bits of Unix milliseconds; version; the microseconds within, in 12 bits (section 6.2, method 3); variant;
    8 bits of place; 54 random bits.
    """
    microseconds = (now - _EPOCH) // timedelta(microseconds=1)
    milliseconds, fraction = divmod(microseconds, 1000)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (fraction * 4096 // 1000) << 64
    value |= 0b10 << 62
    value |= min(place, 255) << 54
    value |= int.from_bytes(random_bytes(7), "big") >> 2
    return f"{value:032x}"


def new_id(prefix: str, now: datetime, random_bytes: RandomBytes, *, place: int = 0) -> str:
    """Return a new identifier such as ``user_0192f3…`` for the instant ``now``."""
    return f"{prefix}_{uuid7_hex(now, random_bytes, place=place)}"
