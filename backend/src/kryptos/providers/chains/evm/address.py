"""EVM addresses: 20 bytes in hexadecimal, with capitals as their checksum (EIP-55)."""

import re
from functools import lru_cache

from kryptos.catalog.recognition import checksum_address
from kryptos.providers.contracts import AddressInvalid

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_OWN_CHECKSUM = frozenset({30, 31})
"""Chains whose wallets mix the chain id into the checksum (EIP-1191): Rootstock and its test network."""

ZERO_ADDRESS = "0x" + 40 * "0"


def normalise_address(text: str, *, chain_number: int) -> str:
    """Return the address with its EIP-55 checksum; raise ``AddressInvalid`` for a wrong one, or for another text."""
    address = text.strip()
    if not _ADDRESS.fullmatch(address):
        raise AddressInvalid("An address here is 0x and 40 hexadecimal digits.")
    digits = address[2:]
    canonical = checksummed(address)
    is_checksum_right = (
        digits in {digits.lower(), digits.upper()}
        or address == canonical
        or (
            chain_number in _OWN_CHECKSUM
            and address == checksum_address(address.lower(), chain_id=chain_number)
        )
    )
    if not is_checksum_right:
        raise AddressInvalid("The capitals of this address do not fit its digits: a digit is mistyped.")
    return canonical


def checksummed(address: str) -> str:
    """Return a hexadecimal address in its canonical form (EIP-55)."""
    return _checksummed(address.lower())


@lru_cache(
    maxsize=16_384
)  # a checksum costs a millisecond; the same tokens and counterparties come again and again
def _checksummed(address: str) -> str:
    return checksum_address(address)
