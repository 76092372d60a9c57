"""UtxoChain: what the adapter must know of a chain before it asks a server, and how much it may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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
    first_height: int
    """Height of the block that names the chain: 0, or that of the first block after it parted from another one."""
    first_hash: str
    """First half of that block's hash, as CAIP-2 names the chain: every server is asked for it once."""
    names: frozenset[str]
    """What a server may call the chain, in small letters and digits: chains that parted share their first blocks."""
    key_version: bytes
    """Version of addresses that pay to a key's hash: one byte or two."""
    script_version: bytes
    """Version of addresses that pay to a script's hash."""
    former_script_versions: frozenset[bytes]
    """Older versions of the same addresses: still accepted, never written."""
    bech32_prefix: str | None
    cashaddr_prefix: str | None
    extended_keys: Mapping[str, ScriptType]
    """Versions of extended public keys, in hexadecimal, and what addresses they make."""
    unseen: Literal["pools", "credits"] | None = None
    """Where value can go and come from unseen: shielded pools, or credits on a platform of the chain's own."""


_PARTED_AT = {"bitcoin-cash": 478_559}
"""Chains that share their first blocks with another one: CAIP-2 (namespace bip122) names them by the first own one."""
_UNSEEN: Mapping[str, Literal["pools", "credits"]] = {"zcash": "pools", "dash": "credits"}
"""Zcash: shielded pools (protocol specification, section 7.1). Dash: asset locks and unlocks (DIP-27)."""


def squeezed(name: str) -> str:
    """Return a name in small letters and digits alone: ``Bitcoin Cash`` is ``bitcoincash``."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def chain_of_row(row: Chain) -> UtxoChain:
    """Return what the catalogue knows of a chain; raise ``ValueError`` for one that this adapter cannot read."""
    form = row.address_format
    if row.family != "utxo" or form is None:
        raise ValueError(f"{row.id} is no Bitcoin-like chain")
    key, script, *former = map(bytes.fromhex, form.base58_versions)
    return UtxoChain(
        id=row.id,
        name=row.public_name,
        symbol=row.native.symbol,
        coin_name=row.native.name,
        decimals=row.native.decimals,
        first_height=_PARTED_AT.get(row.id, 0),
        first_hash=row.caip2.removeprefix("bip122:"),
        names=frozenset(map(squeezed, (row.id, row.public_name, row.native.name, *row.aliases))),
        key_version=key,
        script_version=script,
        former_script_versions=frozenset(former),
        bech32_prefix=form.bech32_prefix,
        cashaddr_prefix=form.cashaddr_prefix,
        extended_keys=form.extended_keys,
        unseen=_UNSEEN.get(row.id),
    )
