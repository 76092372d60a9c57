"""Solana addresses: 32 bytes in base58, a public key or one derived from it; there is no checksum."""

from kryptos.catalog.encodings import decode_base58
from kryptos.providers.contracts import AddressInvalid

_BYTES = 32
_LETTERS = range(32, 45)

TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"  # noqa: S105  # a published program's address
TOKEN_2022_PROGRAM = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"  # noqa: S105  # the same
STAKE_PROGRAM = "Stake11111111111111111111111111111111111111"


def normalise_address(text: str) -> str:
    """Return the address as it is written everywhere; raise ``AddressInvalid``."""
    address = text.strip()
    raw = decode_base58(address) if len(address) in _LETTERS else None
    if raw is None or len(raw) != _BYTES:
        raise AddressInvalid("An address here is 32 bytes in base58: 32 to 44 letters and digits.")
    return address
