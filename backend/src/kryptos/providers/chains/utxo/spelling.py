"""Spelling: an address of a chain that writes some of its addresses in more than one way, in the one way we keep."""

from kryptos.catalog.encodings import decode_base58check, decode_cashaddr
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.chains.utxo.script_address import KEY_HASH, SCRIPT_HASH, base58check, cashaddr

_TOKEN_TYPES = 2
"""Types 2 and 3 of a cashaddr are 0 and 1 with the word that tokens are welcome (CHIP-2022-02): the same script."""


def spelled(address: str, chain: UtxoChain) -> str:
    """Return the canonical form of an address that is valid on the chain; any other text stays as it is.

    Bitcoin Cash: cashaddr with its prefix, without the mark for tokens. Litecoin: scripts with its own version (M…),
    not with the one that Bitcoin uses too (3…).
    """
    if chain.cashaddr_prefix:
        return _as_cashaddr(address, chain, chain.cashaddr_prefix)
    if chain.former_script_versions:
        payload = decode_base58check(address)
        if payload is not None and payload[:-20] in chain.former_script_versions:
            return base58check(chain.script_version + payload[-20:])
    return address


def _as_cashaddr(address: str, chain: UtxoChain, prefix: str) -> str:
    decoded = decode_cashaddr(address, prefix)
    if decoded is not None:
        kind, digest = decoded
        return cashaddr(prefix, kind % _TOKEN_TYPES, digest)
    payload = decode_base58check(address)
    if payload is not None and payload[:-20] == chain.key_version:
        return cashaddr(prefix, KEY_HASH, payload[-20:])
    if payload is not None and payload[:-20] == chain.script_version:
        return cashaddr(prefix, SCRIPT_HASH, payload[-20:])
    return address
