"""Providers: wallets, exchanges and blockchains that a person can name when connecting."""

from importlib.resources import files
from typing import Literal

import msgspec


class Function(msgspec.Struct, frozen=True):
    """Something that can be read from a provider."""

    name: str
    public_name: str


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the catalogue. ``is_working`` is true only where a test suite covers the provider's family."""

    id: str
    public_name: str
    type: Literal["wallet", "exchange", "blockchain", "services"]
    is_api: bool
    is_csv: bool
    is_oauth: bool
    is_evm: bool
    is_working: bool
    chain_id: int | None = None
    import_guide: str
    functions: tuple[Function, ...]
    credentials: tuple[Literal["apiKey", "secretKey", "password", "accountName"], ...] = ()


def load_providers() -> tuple[Provider, ...]:
    """Read the catalogue's rows in the order in which they are listed."""
    raw = files("kryptos.catalog").joinpath("data/providers.json").read_bytes()
    return msgspec.json.decode(raw, type=tuple[Provider, ...])


PROVIDERS = load_providers()
"""Every provider of the catalogue."""
