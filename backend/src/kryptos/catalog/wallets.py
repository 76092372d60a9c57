"""Wallets: programs and devices that people know their addresses by. They lead to the form for an address."""

from functools import cache

import msgspec

from kryptos.catalog.families import Family
from kryptos.catalog.reading import read_rows


class Wallet(msgspec.Struct, frozen=True, kw_only=True):
    """A wallet and the families whose addresses it holds."""

    id: str
    public_name: str
    families: tuple[Family, ...]
    aliases: tuple[str, ...]
    rank: int | None = None
    logo: str | None = None


@cache
def list_wallets() -> tuple[Wallet, ...]:
    """Return every wallet, by id."""
    return read_rows("wallets.json", Wallet)
