"""Identifiers: ``<prefix>_<32 hex digits of a UUIDv7>``, sortable by time of creation (RFC 9562, section 5.7)."""

import os
from collections.abc import Callable
from datetime import datetime

RandomBytes = Callable[[int], bytes]
system_random: RandomBytes = os.urandom


def uuid7_hex(now: datetime, random_bytes: RandomBytes) -> str:
    """Return the 32 hex digits of a UUIDv7: 48 bits of Unix milliseconds, version, variant, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000)
    chance = int.from_bytes(random_bytes(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((chance >> 68) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= chance & ((1 << 62) - 1)
    return f"{value:032x}"


def new_id(prefix: str, now: datetime, random_bytes: RandomBytes) -> str:
    """Return a new identifier such as ``user_0192f3…`` for the instant ``now``."""
    return f"{prefix}_{uuid7_hex(now, random_bytes)}"
