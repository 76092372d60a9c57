"""Numbers as nodes write them (hexadecimal), and as people do (whole coins): exact in both directions."""

import re

_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
_DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*")

MOST_DECIMALS = 77
"""2**256 has 78 digits: with more decimals nobody could hold one whole coin, so whoever claims them errs or lies."""


def number_of(text: str) -> int:
    """Return a quantity of the JSON-RPC encoding; raise ``ValueError`` for anything else."""
    if not _QUANTITY.fullmatch(text):
        raise ValueError("not a hexadecimal quantity")
    return int(text, 16)


def bytes_of(text: str) -> bytes:
    """Return unformatted data of the JSON-RPC encoding; raise ``ValueError`` for anything else."""
    if not _DATA.fullmatch(text):
        raise ValueError("not hexadecimal data")
    return bytes.fromhex(text[2:])
