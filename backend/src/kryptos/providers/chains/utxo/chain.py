"""UtxoChain: what the adapter must know of a chain before it asks a server, and how much it may ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from kryptos.catalog.chains import Chain, ScriptType


@dataclass(frozen=True, slots=True, kw_only=True)
class UtxoLimits:
    """How much one stage may ask of a server; what lies beyond is told as a gap."""

    gap: int = 20
    """Unused addresses in a row after which no further one is looked for (BIP-44)."""
    most_addresses: int = 2_000
    """Addresses of one chain of an extended key that are looked at, at most."""
    history_transactions: int = 20_000
    """Transactions held at one time: of a longer history the newest ones are read."""
    page_transactions: int = 200
    """Transactions after which a page is handed over; a block is never split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UtxoChain:
    """One chain."""

    id: str
    """Id in the catalogue: ``bitcoin``."""
    name: str
    symbol: str
    coin_name: str
    decimals: int
    genesis: str
    """First half of the first block's hash, as CAIP-2 names the chain: every server is asked for it once."""
    key_version: int
    """Version byte of addresses that pay to a key's hash."""
    script_version: int
    """Version byte of addresses that pay to a script's hash."""
    bech32_prefix: str | None
    extended_keys: Mapping[str, ScriptType]
    """Versions of extended public keys, in hexadecimal, and what addresses they make."""


def chain_of_row(row: Chain) -> UtxoChain:
    """Return what the catalogue knows of a chain; raise ``ValueError`` for one that this adapter cannot read."""
    form = row.address_format
    if form is None or form.cashaddr_prefix or not row.esplora_urls:
        raise ValueError(f"{row.id} is no chain that Esplora serves")
    key, script = form.base58_versions[:2]
    return UtxoChain(
        id=row.id,
        name=row.public_name,
        symbol=row.native.symbol,
        coin_name=row.native.name,
        decimals=row.native.decimals,
        genesis=row.caip2.removeprefix("bip122:"),
        key_version=int(key, 16),
        script_version=int(script, 16),
        bech32_prefix=form.bech32_prefix,
        extended_keys=form.extended_keys,
    )
